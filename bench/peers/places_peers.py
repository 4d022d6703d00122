"""Reads the texts of a folder of places with spaCy, and puts each name where most people live.

The most populous bearer of a name is taken out of Selon's own table (countries before towns), and
Selon's English adjectives, abbreviations and further names are known too, so that finding and
choosing alone differ. Writes {"id", "places": [{"start", "end", "lat", "lon",
"geonameid", "feature"}]} for `selon-eval places --readings`.

Usage: places_peers.py MODEL TABLE PACKS FOLDER OUT      (TABLE: core.tsv, unpacked; PACKS: the
folder of packs)
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


def rows(path):
    lines = [line.rstrip("\n") for line in open(path, encoding="utf-8") if not line.startswith("#")]
    columns = lines[0].split("\t")
    for line in lines[1:]:
        yield dict(zip(columns, line.split("\t")))


def add_packs(best, core, packs):
    """Adjectives, abbreviations and further names, of places of the table and of regions."""
    by_id, by_code = {}, {}
    with open(core, encoding="utf-8") as lines:
        next(lines)
        for line in lines:
            row = line.rstrip("\n").split("\t")
            if row[5]:
                place = {"geonameid": row[0], "lat": float(row[5]), "lon": float(row[6]), "feature": row[8]}
                by_id["geonames:" + row[0]] = place
                if row[1] == "country":
                    by_code[row[2]] = place
    for row in rows(packs + "/regions.tsv"):
        place = {"lat": float(row["lat"]), "lon": float(row["lon"]), "feature": row["kind"]}
        by_id[row["id"]] = place
        english = [forms for forms in row["forms_by_language"].split("|") if forms.startswith("en:")]
        for form in ";".join(english).removeprefix("en:").split(";"):
            best.setdefault(fold(form), (None, place))
    for file in ("abbreviations.tsv", "en/places.tsv", "en/demonyms.tsv"):
        for row in rows(f"{packs}/{file}"):
            place = by_id.get(row["place"]) or by_code.get(row["place"])
            for form in row["forms"].split("|"):
                if place and (file == "abbreviations.tsv" or fold(form) not in best):
                    best[fold(form)] = (None, place)


def main():
    model, core, packs, folder, out = sys.argv[1:]
    reader = spacy.load(model, disable=["lemmatizer", "parser", "attribute_ruler"])
    best = table(core)
    add_packs(best, core, packs)
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
