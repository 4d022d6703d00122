"""Lists the text blocks of a page for whoever marks its body, and makes the gold of the marks.

A block is a maximal run of inline content in one block-level element, cut at every `br`; white
space is folded, scripts and the like are left out, and what the markup hides stands with an H.
The list is all that is seen: no extractor has a say in it.

    blocks.py show PAGE...                             the blocks of pages, whole, each with its number
    blocks.py proof DATA < tools/gold/decisions.tsv    the same for marked pages, with the marks
    blocks.py make DATA < tools/gold/decisions.tsv     the gold, a line a page (cases/gold/README.md)
    blocks.py agree DATA ONE OTHER                     two files of decisions held against each other

Needs html5lib 1.1 (`pip install html5lib`). Nothing printed by `make` and `agree` holds words of a page.
"""

import gzip
import hashlib
import itertools
import json
import pathlib
import re
import sys
import unicodedata

import html5lib

NOTE = re.compile(r"\[[0-9]{1,3}\]")
SPACE = re.compile(r"[ \t\n\r\f]+")
BLOCKS = set(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main menu nav ol"
    " optgroup option p pre section summary table tbody td tfoot th thead tr ul".split()
)
UNSEEN = set("head script style template noscript textarea select svg iframe object audio video canvas".split())

# Words of a piece: long enough to be no guess, short enough that one strange word costs little.
PIECE = 8


def decoded(data):
    """The text of a page: UTF-8 where it is valid, else what the page says, else windows-1252."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        label = re.search(rb"charset\s*=\s*[\"']?([\w-]+)", data)
        name = label.group(1).decode() if label else "windows-1252"
        name = {"iso-8859-1": "windows-1252", "utf-8": "utf-8"}.get(name.lower(), name)
        return data.decode(name, "replace")


def hides(element):
    style = re.sub(r"\s", "", element.get("style") or "").lower()
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style


class Walk:
    """The blocks of a tree, in document order: (where, hidden, run, text)."""

    def __init__(self, root):
        self.blocks, self.run, self.words = [], 0, []
        self.walk(root, "", False)
        self.end("", False)

    def end(self, where, hidden, run=True):
        text = SPACE.sub(" ", "".join(self.words)).strip()
        self.words = []
        if words_of(text):
            self.blocks.append((where, hidden, self.run, text))
        if run:
            self.run += 1

    def walk(self, element, where, hidden):
        name = element.tag if isinstance(element.tag, str) else "!"
        hidden = hidden or (name != "!" and hides(element))
        block = name in BLOCKS
        if block:
            self.end(where, hidden)
            classes = (element.get("class") or element.get("id") or "").split()
            where = f"{where}>{name}" + (f".{classes[0]}" if classes else "")
            where = ">".join(where.split(">")[-3:])
        if name == "br":
            # Two in a row part paragraphs, one a line of the same.
            self.end(where, hidden, run=not "".join(self.words).strip())
        elif name == "!" or name in UNSEEN:
            pass
        else:
            self.words.append(element.text or "")
            for child in element:
                self.walk(child, where, hidden)
                self.words.append(child.tail or "")
        if block:
            self.end(where, hidden)


def blocks(data):
    return Walk(html5lib.parse(decoded(data), namespaceHTMLElements=False)).blocks


def words_of(text):
    """Words: NFKC, lower case, runs of letters and digits; marks, format characters and the marks
    of notes ("[3]") vanish."""
    text = NOTE.sub(" ", unicodedata.normalize("NFKC", text)).lower()
    kept = (c for c in text if unicodedata.category(c) not in ("Mn", "Mc", "Me", "Cf"))
    spaced = "".join(c if unicodedata.category(c)[0] in "LN" else " " for c in kept)
    return spaced.split()


def fingerprint(words, digits):
    return hashlib.sha256("".join(words).encode()).hexdigest()[:digits]


def pieces(words):
    """Runs of eight words; the last one takes the rest."""
    count = max(1, len(words) // PIECE)
    cuts = [PIECE * at for at in range(count)] + [len(words)]
    return [words[start:end] for start, end in zip(cuts, cuts[1:])]


def entry(words, pieced):
    whole = [fingerprint(words, 16), len(words)]
    return [*whole, " ".join(fingerprint(piece, 8) for piece in pieces(words))] if pieced else whole


def numbers(ranges):
    """Numbers of blocks: `3-5 7 9:12-40`, where the last one is words 12 to 39 of block 9; a
    block may stand there with several runs of words."""
    found = {}
    for part in ranges.replace(",", " ").split():
        blocks, _, words = part.partition(":")
        first, _, last = blocks.partition("-")
        start, _, end = words.partition("-")
        for number in range(int(first), int(last or first) + 1):
            found.setdefault(number, []).append((int(start or 0), int(end) if end else None))
    return found


def decisions(lines, data):
    """Of each line of decisions: page, language, bytes of the page, its blocks, the numbers of each kind."""
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        page, lang, inside, optional, *_ = [*line.rstrip("\n").split("\t"), ""]
        raw = (pathlib.Path(data) / page).read_bytes()
        listed = blocks(raw)
        kinds = {"in": numbers(inside), "optional": numbers(optional)}
        if max([number for found in kinds.values() for number in found], default=0) >= len(listed):
            sys.exit(f"{page}: a number is not on the page")
        yield page, lang, raw, listed, kinds


def runs(listed, kinds):
    """The blocks in runs of words that are decided alike: number, run of inline content, kind, words."""
    for number, (_, _, run, text) in enumerate(listed):
        words = words_of(text)
        marks = ["out"] * len(words)
        for kind, found in kinds.items():
            for start, end in found.get(number, []):
                for at in range(len(words))[start:end]:
                    if marks[at] != "out":
                        sys.exit(f"word {at} of block {number} stands twice")
                    marks[at] = kind
        for kind, group in itertools.groupby(zip(marks, words), key=lambda pair: pair[0]):
            yield number, run, kind, [word for _, word in group]


def gold(listed, kinds):
    """The paragraphs of each kind. Blocks in a row that are decided alike become one where a `br`
    parts them, and where both are so short that their fingerprints alone would prove little."""
    lists = {"in": [], "optional": [], "out": []}
    last = None
    for number, run, kind, words in runs(listed, kinds):
        short = len(words) < PIECE
        if last and last[:2] == (kind, number - 1) and (last[2] == run or last[3] and short):
            lists[kind][-1] = lists[kind][-1] + words
        else:
            lists[kind].append(words)
        last = (kind, number, run, short)
    return {kind: [entry(words, kind != "out") for words in paragraphs] for kind, paragraphs in lists.items()}


def show(listed, kinds):
    """A line a block: number, H if hidden, mark, element, words, whole text; short ones share one.
    Marks: + in, ? optional, both where a part of the block is."""
    line = []
    for number, (where, hidden, _, text) in enumerate(listed):
        words = len(words_of(text))
        mark = "+" * (number in kinds["in"]) + "?" * (number in kinds["optional"])
        name = f"{number}{'H' if hidden else ''}{mark}"
        if words <= 4 and not mark:
            line.append(f"{name} {text}")
            continue
        if line:
            print(" | ".join(line))
        line = []
        print(f"{name} {where.split('>')[-1][:16]} [{words}] {text}")
    if line:
        print(" | ".join(line))


def agree(one, other):
    """Of each page F1 of the words of the body, where a word that is open in either is no
    disagreement, and the share of words that bear the same of the three marks, where words that
    are out in both do not count."""
    all_pairs = []
    f1s = []
    for (page, _, _, listed, first), (same_page, _, _, _, second) in zip(one, other, strict=True):
        if page != same_page:
            sys.exit(f"{page} is held against {same_page}")
        marks = ([kind for *_, kind, words in runs(listed, kinds) for _ in words] for kinds in (first, second))
        pairs = [pair for pair in zip(*marks) if pair != ("out", "out")]
        f1s.append(body_f1(pairs))
        all_pairs += pairs
        print(f"{f1s[-1]:.4f} {same(pairs):.4f} {page}")
    mean = sum(f1s) / len(f1s)
    print(f"{body_f1(all_pairs):.4f} {same(all_pairs):.4f} of {len(all_pairs)} words, {mean:.4f} the mean F1 of pages")


def body_f1(pairs):
    both, missed, extra = (pairs.count(pair) for pair in [("in", "in"), ("in", "out"), ("out", "in")])
    return 2 * both / (2 * both + missed + extra)


def same(pairs):
    return sum(one == other for one, other in pairs) / len(pairs)


def main():
    match sys.argv[1:]:
        case ["show", *paths] if paths:
            for path in paths:
                print(f"== {path}")
                show(blocks(pathlib.Path(path).read_bytes()), {"in": {}, "optional": {}})
        case ["proof", data]:
            for page, _, _, listed, kinds in decisions(sys.stdin, data):
                print(f"== {page}")
                show(listed, kinds)
        case ["make", data]:
            for page, lang, raw, listed, kinds in decisions(sys.stdin, data):
                row = {"page": page, "sha256": hashlib.sha256(raw).hexdigest(), "lang": lang}
                print(json.dumps({**row, **gold(listed, kinds)}, separators=(",", ":")))
        case ["agree", data, one, other]:
            agree(*(decisions(pathlib.Path(path).read_text().splitlines(), data) for path in (one, other)))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
