"""Prints the tables of peers.sh from what it wrote down.

Usage: table.py FOLDER, with {PEER}-speed.json, numbers-speed.json, and SET/{PEER}.scores: lines of
selon-eval's --json.
"""

import json
import pathlib
import sys

PEERS = {
    "selon": "Selon",
    "trafilatura_rs": "trafilatura crate 0.6.0",
    "trafilatura_rs_fast": "the same without fallback",
    "dom_smoothie": "dom_smoothie 0.19.0",
    "trafilatura_py": "trafilatura 2.3.1 (Python)",
    "htmldate": "htmldate 1.11.0 (Python)",
}
BODIES = [
    ("scrapinghub-aeb", "scrapinghub"),
    ("aft-news-2023", "AFT"),
    ("wcxb-articles", "WCXB (words)"),
    ("fundus", "fundus"),
    ("daniel-multilingual", "DAnIEL"),
    ("adbar-dates-segments/segments", "segments"),
    ("french-gold", "French"),
    ("arabic-gold", "Arabic"),
    ("russian-gold", "Russian"),
]
DATES = [
    ("accuracy_default", "adbar default"),
    ("accuracy_mediacloud", "adbar mediacloud"),
    ("fundus", "fundus"),
    ("aft-news-2023", "AFT"),
]


def main():
    folder = pathlib.Path(sys.argv[1])
    scores = {}
    for path in sorted(folder.glob("*/*.scores")):
        for line in path.read_text().splitlines():
            row = json.loads(line)
            key = path.name.removesuffix(".scores")
            for name, value in row["figures"].items():
                scores[key, row["task"], row["data"], name] = value

    def cell(value):
        return f"{value:.3f}".removeprefix("0") if value is not None else "–"

    print("| body, F1 | pages/s | " + " | ".join(label for _, label in BODIES) + " |")
    print("|---" + "|--:" * (len(BODIES) + 1) + "|")
    for peer, label in PEERS.items():
        if peer == "htmldate":
            continue
        speed = json.loads((folder / f"{peer}-speed.json").read_text())
        cells = [cell(scores.get((peer, "extraction", data, "f1"))) for data, _ in BODIES]
        print(f"| {label} | {speed['pages'] / speed['seconds']:.0f} | " + " | ".join(cells) + " |")
    print()
    print("| exact day | pages/s | " + " | ".join(label for _, label in DATES) + " |")
    print("|---" + "|--:" * (len(DATES) + 1) + "|")
    for peer, label in PEERS.items():
        speed = json.loads((folder / f"{peer}-speed.json").read_text())
        cells = []
        for data, _ in DATES:
            own = ("adbar-dates-segments", data) if data.startswith("accuracy") else (data, "accuracy")
            cells.append(cell(scores.get((peer, "dates", *own))))
        print(f"| {label} | {speed['pages'] / speed['seconds']:.0f} | " + " | ".join(cells) + " |")
    print()
    numbers = json.loads((folder / "numbers-speed.json").read_text())
    print("| pud-news, sentences | a second |")
    print("|---|--:|")
    own = [("times", "times"), ("places", "places"), ("statements_and_figures", "statements and figures")]
    for name, label in own:
        value = scores["selon", "speed", "pud-news", f"sentences_per_second_{name}"]
        print(f"| Selon: {label} | {value:,.0f} |")
    rate = numbers["sentences"] / numbers["seconds"]
    print(f"| text2num 3.1.0: number words | {rate:,.0f} |")


main()
