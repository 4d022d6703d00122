"""Prints the tables of crates/selon-eval/quality/peers-times-places.md from the scores that times_places.sh wrote down.

Usage: times_places_table.py FOLDER      (SET.PEER.scores: a line of selon-eval's --json)
"""

import json
import pathlib
import sys

TIMES = ["fr-timebank", "meantime-en", "krauts-de", "hourglass-es", "wikiwars-ua"]
PLACES = ["tr-news", "geowebnews", "geovirus"]
PEERS = {"selon": "Selon", "heideltime": "HeidelTime", "chrono": "chrono-node", "dateparser": "dateparser",
         "spacy": "spaCy, most populous"}
MATCHED, ALL = "acc161_matched_countries_by_id", "acc161_end_to_end_countries_by_id"


def figures(folder, name):
    path = folder / f"{name}.scores"
    if not path.exists() or not path.read_text().strip():
        return None
    return json.loads(path.read_text().splitlines()[0])["figures"]


def short(value):
    return f"{value:.3f}".removeprefix("0")


def table(folder, sets, peers, cell):
    print("| | " + " | ".join(sets) + " |")
    print("|---" + "|--:" * len(sets) + "|")
    for peer in peers:
        cells = [figures(folder, f"{name}.{peer}") for name in sets]
        print(f"| {PEERS[peer]} | " + " | ".join(cell(found) if found else "–" for found in cells) + " |")
    print()


def main():
    folder = pathlib.Path(sys.argv[1])
    table(folder, TIMES, ["selon", "heideltime", "chrono", "dateparser"],
          lambda f: " / ".join(short(f[name]) for name in ("strict", "relaxed", "value")))
    table(folder, PLACES, ["selon", "spacy"],
          lambda f: f"{short(f['strict_f1'])} / {short(f['relaxed_f1'])} ; {short(f[MATCHED])} / {short(f[ALL])}")


main()
