"""Reads pages with a Python library and writes down what it found, for `selon-eval --peer`.

Usage: read_pages.py trafilatura|htmldate PAGES.jsonl [speed]
PAGES.jsonl holds {id, html} rows; out come {id, text, title, date} rows, or, with `speed`, one
{pages, seconds} row: the shortest of the rounds of three seconds, by the CPU time of the process.
"""

import json
import sys
import time


def with_trafilatura(page):
    found = trafilatura.bare_extraction(page["html"], with_metadata=True, include_comments=False)
    return (found.text or "", found.title, found.date) if found is not None else ("", None, None)


def with_htmldate(page):
    # The day of publication; by itself the library gives the last change.
    return "", None, htmldate.find_date(page["html"], original_date=True, url=page["url"])


if sys.argv[1] == "htmldate":
    import htmldate

    read = with_htmldate
else:
    import trafilatura

    read = with_trafilatura


def main():
    with open(sys.argv[2], encoding="utf-8") as lines:
        pages = [json.loads(line) for line in lines]
    if sys.argv[3:] == ["speed"]:
        begun, shortest = time.monotonic(), float("inf")
        while shortest == float("inf") or time.monotonic() - begun < 3:
            start = time.process_time()
            for page in pages:
                read(page)
            shortest = min(shortest, time.process_time() - start)
        print(json.dumps({"pages": len(pages), "seconds": shortest}))
        return
    for page in pages:
        try:
            text, title, date = read(page)
        except Exception as error:  # a tool that fails on a page has read nothing of it
            print(f"{page['id']}: {error}", file=sys.stderr)
            text, title, date = "", None, None
        print(json.dumps({"id": page["id"], "text": text, "title": title, "date": date}))


main()
