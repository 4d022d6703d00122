"""Reads the pages of a folder with trafilatura and prints what selon-eval prints of Selon.

Usage: trafilatura_pages.py FOLDER. Pages are in memory before the clock starts, the first one is
read once beforehand, and all are read again until three seconds have passed. One configuration:
the default, with metadata and without comments.
"""

import collections
import gzip
import json
import pathlib
import re
import sys
import time

import trafilatura

LEAST_SECONDS = 3


def pages(folder):
    """Name and bytes of every page, decompressed."""
    for path in sorted(folder.rglob("*")):
        name = path.name.removesuffix(".gz")
        if path.is_file() and name.endswith((".html", ".htm")):
            data = path.read_bytes()
            yield re.sub(r"\.html?$", "", name), gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def read(page):
    found = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
    return found.text or "" if found is not None else ""


def shingles(text):
    words = re.findall(r"\w+", text)
    cut = [tuple(words[at : at + 4]) for at in range(len(words) - 3)] or ([tuple(words)] if words else [])
    return collections.Counter(cut)


def f1(gold, texts):
    """F1 of mean precision and mean recall over pages, as the README of scrapinghub-aeb defines it."""
    precisions, recalls = [], []
    for name, entry in gold.items():
        wanted, found = shingles(entry["articleBody"]), shingles(texts.get(name, ""))
        both = sum((wanted & found).values())
        if found:
            precisions.append(both / found.total())
        if wanted:
            recalls.append(both / wanted.total())
    precision, recall = sum(precisions) / len(precisions), sum(recalls) / len(recalls)
    return 2 * precision * recall / (precision + recall)


def main():
    folder = pathlib.Path(sys.argv[1])
    documents = list(pages(folder))
    if not documents:
        sys.exit(f"{folder} holds no pages")
    read(documents[0][1])
    texts, rounds, times = {}, 0, []
    begun, worked = time.monotonic(), time.process_time()
    while rounds == 0 or time.monotonic() - begun < LEAST_SECONDS:
        for name, page in documents:
            start = time.monotonic()
            texts[name] = read(page)
            times.append((time.monotonic() - start) * 1000)
        rounds += 1
    seconds = time.process_time() - worked
    size = sum(len(page) for _, page in documents) * rounds
    print(f"speed {folder.name} (n = {len(documents)})")
    for name, value in [
        ("documents_per_second", len(times) / seconds),
        ("megabytes_per_second", size / 1e6 / seconds),
        ("milliseconds_99th_of_100", sorted(times)[-(-len(times) * 99 // 100) - 1]),
    ]:
        print(f"  {name:<32} {value:>10.4f}")
    gold = folder / "ground-truth.json"
    if gold.exists():
        print(f"extraction {folder.name}")
        print(f"  {'f1':<32} {f1(json.loads(gold.read_text()), texts):>10.4f}")


main()
