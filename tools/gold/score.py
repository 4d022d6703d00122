"""Scores texts of pages against cases/gold/bodies.jsonl, by the sums of crates/selon-eval/src/gold.rs.

    from score import bodies, score      score(name, {page: text of the page}) prints one table

So that tools in Python are held to the same gold as Selon; both programs give the same figures
for the same texts.
"""

import hashlib
import json
import pathlib

from blocks import PIECE, fingerprint, words_of

GOLD = pathlib.Path(__file__).resolve().parents[2] / "cases/gold/bodies.jsonl"
SETS = {"fr": "french-gold", "ar": "arabic-gold", "ru": "russian-gold"}

# Shorter pieces occur by chance: they count only between their neighbours.
TELLING = 4


def bodies(data):
    """The rows of the gold with the bytes of their pages."""
    for line in GOLD.read_text().splitlines():
        body = json.loads(line)
        raw = (pathlib.Path(data) / body["page"]).read_bytes()
        if hashlib.sha256(raw).hexdigest() != body["sha256"]:
            raise SystemExit(f"{body['page']} is not the page of the gold")
        yield body, raw


def pieces(paragraph):
    """The pieces of a paragraph in order, each with its number of words."""
    _, words, prints = paragraph
    prints = prints.split(" ")
    return [(print_, PIECE) for print_ in prints[:-1]] + [(prints[-1], words - PIECE * (len(prints) - 1))]


class Reading:
    def __init__(self, text):
        self.words = words_of(text)
        self.windows = {}
        self.taken = [False] * len(self.words)

    def take(self, print_, length, start, end):
        """Takes the first free window between two places whose fingerprint begins so."""
        if length not in self.windows:
            starts = range(len(self.words) - length + 1)
            self.windows[length] = [fingerprint(self.words[at : at + length], 16) for at in starts]
        for at in range(start, min(end, len(self.words)) - length + 1):
            if self.windows[length][at].startswith(print_) and not any(self.taken[at : at + length]):
                self.taken[at : at + length] = [True] * length
                return at
        return None

    def take_near(self, print_, length, following):
        """The same after a place, or else anywhere."""
        at = self.take(print_, length, following, len(self.words))
        return self.take(print_, length, 0, len(self.words)) if at is None else at


def overlap(body, text):
    """Words in both, extra and missed, of the extra those marked as out; places; reading."""
    reading = Reading(text)
    end = len(reading.words)
    inside = [piece for paragraph in body["in"] for piece in pieces(paragraph)]
    places, following = [], 0
    for paragraph in body["in"]:
        at = None if paragraph[1] < TELLING else reading.take_near(*paragraph[:2], following)
        following = following if at is None else at + paragraph[1]
        for _, length in pieces(paragraph):
            places.append(at)
            at = None if at is None else at + length
    following = 0
    for index, (print_, length) in enumerate(inside):
        if places[index] is None and length >= TELLING:
            places[index] = reading.take_near(print_, length, following)
        following = following if places[index] is None else places[index] + length
    for index, (print_, length) in enumerate(inside):
        if length < TELLING:
            before = (places[at] + inside[at][1] for at in range(index - 1, -1, -1) if places[at] is not None)
            after = (place for place in places[index + 1 :] if place is not None)
            places[index] = reading.take(print_, length, next(before, 0), next(after, end))
    both = sum(length for (_, length), place in zip(inside, places) if place is not None)
    missed = sum(length for _, length in inside) - both
    open_pieces = [piece for paragraph in body["optional"] for piece in pieces(paragraph)]
    for print_, length in sorted(open_pieces, key=lambda piece: -piece[1]):
        reading.take(print_, length, 0, end)
    extra = reading.taken.count(False)
    out = [(print_, words) for print_, words in body["out"] if words >= TELLING]
    left_out = sum(words for print_, words in out if reading.take(print_, words, 0, end) is not None)
    return both, extra, missed, left_out, places, reading


def harmonic(a, b):
    return 2 * a * b / (a + b) if a + b else 0.0


def mean(values):
    return sum(values) / len(values) if values else 0.0


def score(name, rows, texts):
    sets = {}
    for body in rows:
        both, extra, missed, *_ = overlap(body, texts.get(body["page"], ""))
        sets.setdefault(SETS[body["lang"]], []).append((both, extra, missed))
    for data, counts in sorted(sets.items()):
        precisions = [both / (both + extra) for both, extra, _ in counts if both + extra]
        recalls = [both / (both + missed) for both, _, missed in counts if both + missed]
        f1s = [2 * both / (2 * both + extra + missed) for both, extra, missed in counts]
        print(f"{name}: extraction {data} (n = {len(counts)})")
        for figure, value in [
            ("f1", harmonic(mean(precisions), mean(recalls))),
            ("precision", mean(precisions)),
            ("recall", mean(recalls)),
            ("page_f1", mean(f1s)),
            ("exact", mean([float(extra + missed == 0) for _, extra, missed in counts])),
        ]:
            print(f"  {figure:<32} {value:>10.4f}")
