"""Finds number words in sentences with text2num and prints how many sentences a second.

Usage: read_numbers.py FOLDER, which holds LANG.jsonl with the sentences in `text`. Out comes one
{sentences, seconds} row: the shortest of the rounds of three seconds, by the CPU time of the
process. Languages that the library does not know are left out.
"""

import json
import pathlib
import sys
import time

from text_to_num import alpha2digit


def main():
    sentences = []
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.jsonl")):
        lang = path.stem[:2]
        rows = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
        try:
            alpha2digit(rows[0], lang)
        except Exception:
            continue
        sentences += [(row, lang) for row in rows]
    begun, shortest = time.monotonic(), float("inf")
    while shortest == float("inf") or time.monotonic() - begun < 3:
        start = time.process_time()
        for sentence, lang in sentences:
            alpha2digit(sentence, lang)
        shortest = min(shortest, time.process_time() - start)
    print(json.dumps({"sentences": len(sentences), "seconds": shortest}))


main()
