"""Writes docs/worst-times-places.md: the twenty worst cases of each set by class, without words of the texts.

Usage: worst.py SCORES.json…   (what `selon-eval times|places FOLDER --json SCORES.json` wrote)
"""

import collections
import json
import re
import sys

HEAD = """# Worst cases of times and places

The first twenty of each set as `selon-eval` ranks them, by class. Ids are those of the sets; the texts are other people's, so no words of theirs stand here: values and ids of places only. Times: *missed* and *spurious* are expressions of the gold, or of ours, without a partner; *value* gives the gold's and ours; *span* means other limits. Places: how often a class befell one name in the document where it did so first.
"""


def time_case(case):
    what = case["what"]
    kind = what.split(" ", 1)[0]
    if kind == "value":
        return kind, re.match(r"value (\S+) read (\S+)", what).expand(r"\1, read \2")
    if kind == "missed":
        return kind, re.sub(r'^missed ".*?(?<!\\)" (\S+).*', r"\1", what, flags=re.S)
    if kind == "spurious":
        return kind, what.split(" ")[1]
    return kind, ""


def place_case(case):
    times, kind, rest = re.match(r"(\d+) × ([^:]+): (.*)", case["what"], re.S).groups()
    ids = re.findall(r"(?:geonames|selon:region|user)[:\w-]*", rest)
    return kind, f"{times} ×" + (f", read {ids[0]}" if ids else "")


def main():
    print(HEAD)
    for path in sys.argv[1:]:
        for line in open(path, encoding="utf-8"):
            scores = json.loads(line)
            reader = {"times": time_case, "places": place_case}.get(scores["task"])
            classes = collections.defaultdict(list)
            for case in scores["worst"][:20]:
                kind, what = reader(case)
                classes[kind].append((case["id"].split()[0][:24], what))
            print(f"## {scores['task']}: {scores['data']}\n")
            print("| class | cases |\n|---|---|")
            for kind, cases in sorted(classes.items(), key=lambda item: -len(item[1])):
                shown = " · ".join(f"{id} {what}".strip() for id, what in cases)
                print(f"| {kind} ({len(cases)}) | {shown} |")
            print()


main()
