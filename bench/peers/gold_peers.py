"""Reads the pages of cases/gold with other tools and scores them as selon-eval scores Selon.

Usage: gold_peers.py DATA. One configuration of each: the default, comments off. Two things are
done in favour of the tools: content that comes as HTML is cut into lines at its block-level
elements, and a line that is the page's h1 is dropped, since Selon gives the title apart.
"""

import gzip
import importlib.metadata
import pathlib
import sys

import readability
import trafilatura
from resiliparse.extract.html2text import extract_plain_text

TOP = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tools/gold"))

from blocks import blocks, decoded, words_of  # noqa: E402
from score import bodies, score  # noqa: E402


def with_trafilatura(page):
    found = trafilatura.bare_extraction(page, include_comments=False)
    return found.text or "" if found is not None else ""


def with_readability(page):
    content = readability.Document(decoded(page)).summary(html_partial=True)
    return "\n".join(text for *_, text in blocks(content.encode()))


def with_resiliparse(page):
    return extract_plain_text(decoded(page), main_content=True, comments=False)


def without_title(text, page):
    titles = [words_of(title) for where, _, _, title in blocks(page) if where.split(">")[-1].startswith("h1")]
    return "\n".join(line for line in text.splitlines() if words_of(line) not in titles)


def main():
    rows = list(bodies(sys.argv[1]))
    pages = {body["page"]: gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw for body, raw in rows}
    peers = [
        ("trafilatura", with_trafilatura),
        ("readability-lxml", with_readability),
        ("resiliparse", with_resiliparse),
    ]
    for name, read in peers:
        texts = {}
        for page, data in pages.items():
            try:
                texts[page] = without_title(read(data), data)
            except Exception as error:  # a tool that fails on a page has read nothing of it
                print(f"{name} failed on {page}: {error}", file=sys.stderr)
        version = importlib.metadata.version(name)
        score(f"{name} {version}", [body for body, _ in rows], texts)


main()
