"""Reads the texts of a folder of places with spaCy, and puts each name where most people live.

The most populous bearer of a name is taken out of Selon's own table (countries before towns), so
that the choice alone differs. Writes {"id", "places": [{"start", "end", "lat", "lon",
"geonameid", "feature"}]} for `selon-eval places --readings`.

Usage: places_peers.py MODEL TABLE FOLDER OUT      (TABLE: core.tsv, unpacked)
"""

import glob
import json
import sys
import unicodedata

import spacy

LABELS = {"GPE", "LOC", "FAC", "NORP"}


def fold(name):
    plain = unicodedata.normalize("NFKD", name.lower())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return plain.replace("-", " ").removeprefix("the ").strip()


def table(path):
    best = {}
    with open(path, encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            row = line.rstrip("\n").split("\t")
            if not row[5]:
                continue
            rank = (row[1] == "country", int(row[7] or 0))
            place = {"geonameid": row[0], "lat": float(row[5]), "lon": float(row[6]), "feature": row[8]}
            for name in {fold(name) for name in [row[10], *row[11].split("|")] if name}:
                if name not in best or rank > best[name][0]:
                    best[name] = (rank, place)
    return best


def main():
    model, core, folder, out = sys.argv[1:]
    reader = spacy.load(model, disable=["lemmatizer", "parser", "attribute_ruler"])
    best = table(core)
    with open(out, "w", encoding="utf-8") as file:
        for path in sorted(glob.glob(folder + "/*.jsonl")):
            for line in open(path, encoding="utf-8"):
                row = json.loads(line)
                if "toponyms" not in row:
                    continue
                places = []
                for entity in reader(row["text"]).ents:
                    if entity.label_ not in LABELS:
                        continue
                    start, end = entity.start_char, entity.end_char
                    for article in ("the ", "The "):
                        if entity.text.startswith(article):
                            start += len(article)
                    found = best.get(fold(row["text"][start:end]))
                    places.append({"start": start, "end": end, **(found[1] if found else {})})
                file.write(json.dumps({"id": row["id"], "places": places}) + "\n")


main()
