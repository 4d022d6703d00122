"""Writes crates/selon-eval/quality/worst-times-places.md: the twenty worst cases of each set by class, without words of the texts.

Usage: worst.py SCORES.json…   (what `selon-eval times|places FOLDER --worst 2000 --json SCORES.json`
wrote; tools/gold/worst.sh runs it on all sets)
"""

import collections
import json
import re
import sys

HEAD = """# Worst cases of times and places

Twenty of each set, made by `tools/gold/worst.sh DATA`: each class has its part of the twenty by how often it befalls the set (the number in front), and shows its worst as `selon-eval` ranks them. Ids are those of the sets; the texts are other people's, so no words of theirs stand here: values and ids of places only. Times: *missed* and *spurious* are expressions of the gold, or of ours, without a partner; *value* gives the gold's and ours; *span* means other limits. Sets of specifications and phrases: *other direction* is right a day, week, month or year off, where we chose the past. Places: how often a class befell one name in the document where it did so first.
"""


def time_case(case):
    what = case["what"]
    kind = what.split(" ", 1)[0]
    if kind == "value":
        return kind, re.match(r"value (.*?) read (\S*)", what, re.S).expand(r"\1, read \2")
    if kind == "missed":
        return kind, re.sub(r'^missed ".*?(?<!\\)" (\S+).*', r"\1", what, flags=re.S)
    if kind == "spurious":
        return kind, what.split(" ")[1]
    return kind, ""


def specification_case(case):
    wanted, read = re.match(r'".*?(?<!\\)" \((.*?)\) in ".*" read (.*)', case["what"], re.S).groups()
    return ("missed", wanted) if read == "nothing" else ("value", f"{wanted}, read {read}")


def phrase_case(case):
    wanted, read = re.match(r'".*(?<!\\)" expected (.*?), read (.*)', case["what"], re.S).groups()
    if wanted == "none":
        return "spurious", read
    if read == "nothing":
        return "missed", wanted
    return ("other direction" if case["score"] > 0 else "value"), f"{wanted}, read {read}"


def marked_case(case):
    """Our own gold: ids and days only."""
    what = case["what"]
    if what.startswith("expected"):
        plain = re.sub(r"Some\(([^()]*)\)", r"\1", what).replace("None", "open").replace('"', "")
        return "other days" if "geonames" not in what else "other place", plain.replace("expected ", "")
    kind = re.split(r"[ ,:]", what, maxsplit=1)[0]
    found = re.findall(r"geonames:\d+", what)
    return {"not": "not marked" if what.startswith("not marked") else "not in the gazetteer"}.get(kind, kind), "".join(found[:1])


def place_case(case):
    times, kind, rest = re.match(r"(\d+) × ([^:]+): (.*)", case["what"], re.S).groups()
    ids = re.findall(r"(?:geonames|selon:region|user)[:\w-]*", rest)
    return kind, f"{times} ×" + (f", read {ids[0]}" if ids else "")


READERS = {"conflict-articles": marked_case, "recognizers-specs": specification_case, "duckling-phrases": phrase_case}


def name_of(id):
    """A document and, where a case is one expression, its offsets."""
    document, *offsets = id.split("#")[-1].split()
    return " ".join([document[:24], *(part for part in offsets[:1] if re.fullmatch(r"\d+–\d+", part))])


def parts(counts, of=20):
    """`of` places given out by largest remainder, as seats are."""
    total = sum(counts.values())
    exact = {kind: of * count / total for kind, count in counts.items()}
    given = {kind: int(share) for kind, share in exact.items()}
    for kind in sorted(counts, key=lambda kind: given[kind] - exact[kind])[: of - sum(given.values())]:
        given[kind] += 1
    return given


def main():
    print(HEAD)
    for path in sys.argv[1:]:
        for line in open(path, encoding="utf-8"):
            scores = json.loads(line)
            reader = READERS.get(scores["data"], {"times": time_case, "places": place_case}[scores["task"]])
            classes = collections.defaultdict(list)
            for case in scores["worst"]:
                kind, what = reader(case)
                classes[kind].append((name_of(case["id"]), what))
            shares = parts({kind: len(cases) for kind, cases in classes.items()})
            print(f"## {scores['task']}: {scores['data']}\n")
            print("| class | cases |\n|---|---|")
            for kind, cases in sorted(classes.items(), key=lambda item: -len(item[1])):
                shown = " · ".join(f"{id} {what}".strip() for id, what in cases[: shares[kind]])
                print(f"| {len(cases)} {kind} | {shown} |")
            print()


main()
