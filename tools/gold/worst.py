"""Writes docs/worst-times-places.md: the twenty worst cases of each set by class, without words of the texts.

Usage: worst.py SCORES.json…   (what `selon-eval times|places FOLDER --worst 2000 --json SCORES.json`
wrote; tools/gold/worst.sh runs it on all sets)
"""

import collections
import json
import re
import sys

HEAD = """# Worst cases of times and places

Twenty of each set, made by `tools/gold/worst.sh DATA`: each class has its part of the twenty by how often it befalls the set (the number in front), and shows its worst as `selon-eval` ranks them. Ids are those of the sets; the texts are other people's, so no words of theirs stand here: values and ids of places only. Times: *missed* and *spurious* are expressions of the gold, or of ours, without a partner; *value* gives the gold's and ours; *span* means other limits. Places: how often a class befell one name in the document where it did so first.
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


def place_case(case):
    times, kind, rest = re.match(r"(\d+) × ([^:]+): (.*)", case["what"], re.S).groups()
    ids = re.findall(r"(?:geonames|selon:region|user)[:\w-]*", rest)
    return kind, f"{times} ×" + (f", read {ids[0]}" if ids else "")


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
            reader = {"times": time_case, "places": place_case}.get(scores["task"])
            classes = collections.defaultdict(list)
            for case in scores["worst"]:
                kind, what = reader(case)
                classes[kind].append((case["id"].split()[0][:24], what))
            shares = parts({kind: len(cases) for kind, cases in classes.items()})
            print(f"## {scores['task']}: {scores['data']}\n")
            print("| class | cases |\n|---|---|")
            for kind, cases in sorted(classes.items(), key=lambda item: -len(item[1])):
                shown = " · ".join(f"{id} {what}".strip() for id, what in cases[: shares[kind]])
                print(f"| {len(cases)} {kind} | {shown} |")
            print()


main()
