"""Writes the seeds of the fuzz target `parquet`: small tables of invented reports, in the codings,
types and shapes that programs write. Needs pyarrow; the same version writes the same bytes.

Usage: python3 fuzz/seeds/parquet.py
"""

import datetime
import pathlib

import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).resolve().parent / "parquet"
TEXTS = ["Plus de 120 civils ont fui la vallée, selon l'armée.", "The road is open, the mayor said.", None]
DAY = datetime.date(2026, 3, 11)
NOON = datetime.datetime(2026, 3, 11, 12, tzinfo=datetime.timezone.utc)


def write(name, columns, **more):
    pyarrow.parquet.write_table(pyarrow.table(columns), HERE / f"{name}.parquet", **more)


for coding in ("none", "snappy", "gzip", "lz4", "zstd"):
    write(coding, {"id": [1, 2, 3], "text": TEXTS}, compression=coding)
write("days", {"text": TEXTS, "date": [DAY, None, DAY]}, compression="none")
write("times", {"text": TEXTS, "timestamp": pyarrow.array([NOON, NOON, None], pyarrow.timestamp("us", "UTC"))})
write("sentences", {"sentences": [["La route rouvre.", "La pluie cesse."], [], None]})
write("nested", {"meta": [{"url": "https://a.example/1", "more": {"lang": "fr"}}] * 2, "text": TEXTS[:2]})
write("numbers", {"text": TEXTS, "a": [1.5, None, -2.0], "b": [True, False, None], "c": [b"\xff", b"x", None]})
write("dictionary", {"text": pyarrow.array(["La route rouvre."] * 40).dictionary_encode()})
write("plain", {"text": TEXTS}, use_dictionary=False, data_page_version="2.0")
write("groups", {"text": TEXTS[:2] * 4}, row_group_size=2)
write("empty", {"text": pyarrow.array([], pyarrow.string())})
write("no_text", {"number": [1, 2]})
