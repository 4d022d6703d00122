"""Lists the text blocks of a page for whoever marks its body, and makes the gold of the marks.

A block is a maximal run of inline content in one block-level element, cut at every `br`; white
space is folded, scripts and the like are left out, and what the markup hides stands with an H.
The list is all that is seen: no extractor has a say in it.

    blocks.py show PAGE...                             the blocks of pages, each with its number
    blocks.py make DATA < tools/gold/decisions.tsv     the gold, a line a page (cases/gold/README.md)

Needs html5lib 1.1 (`pip install html5lib`). Nothing printed by `make` holds words of a page.
"""

import gzip
import hashlib
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


def gold(page, listed, inside, optional):
    """The paragraphs of each kind. Blocks in a row that are decided alike become one where a `br`
    parts them, and where both are so short that their fingerprints alone would prove little."""
    kinds = {"in": [], "optional": [], "out": []}
    if max([*inside, *optional], default=0) >= len(listed) or inside.keys() & optional.keys():
        sys.exit(f"{page}: a number is not on the page, or stands twice")
    last = None
    for number, (_, _, run, text) in enumerate(listed):
        words = words_of(text)
        kind = "in" if number in inside else "optional" if number in optional else "out"
        runs = inside.get(number) or optional.get(number) or [(0, None)]
        kept = {at for start, end in runs for at in range(len(words))[start:end]}
        if rest := [word for at, word in enumerate(words) if at not in kept]:
            kinds["out"].append(rest)
        for start, end in runs:
            part = words[start:end]
            short = len(part) < PIECE
            if last and last[0] == kind and not start and (last[1] == run or last[2] and short):
                kinds[kind][-1] = kinds[kind][-1] + part
            else:
                kinds[kind].append(part)
            last = None if end else (kind, run, short)
    return {kind: [entry(words, kind != "out") for words in lists] for kind, lists in kinds.items()}


def show(listed):
    """A line a block: number, H if hidden, element, words, text; short blocks in a row share one."""
    line = []
    for number, (where, hidden, _, text) in enumerate(listed):
        words = len(words_of(text))
        text = text if len(text) <= 280 else f"{text[:190]} […] {text[-70:]}"
        name = f"{number}{'H' if hidden else ''} {where.split('>')[-1][:16]}"
        if words <= 4:
            line.append(f"{name.split()[0]} {text[:26]}")
            continue
        if line:
            print(" | ".join(line))
        line = []
        print(f"{name} [{words}] {text}")
    if line:
        print(" | ".join(line))


def main():
    match sys.argv[1:]:
        case ["show", *paths] if paths:
            for path in paths:
                print(f"== {path}")
                show(blocks(pathlib.Path(path).read_bytes()))
        case ["make", data]:
            for line in sys.stdin:
                if line.startswith("#") or not line.strip():
                    continue
                page, lang, inside, optional, *_ = [*line.rstrip("\n").split("\t"), ""]
                raw = (pathlib.Path(data) / page).read_bytes()
                kinds = gold(page, blocks(raw), numbers(inside), numbers(optional))
                row = {"page": page, "sha256": hashlib.sha256(raw).hexdigest(), "lang": lang, **kinds}
                print(json.dumps(row, separators=(",", ":")))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
