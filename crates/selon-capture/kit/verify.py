#!/usr/bin/env python3
"""Checks an evidence kit without Selon, with Python's standard library alone.

Every manifest must be in the signed log (RFC 6962), every record as logged, every byte in a record.
Usage: verify.py [FOLDER]        Exit status: 0 all agrees, 4 something does not.
"""
import base64
import hashlib
import json
import pathlib
import sys

here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
wrong = []


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root_from(index, size, node, path):
    """Root that a proof leads to (RFC 9162, 2.1.3.2); None where the proof has not the right length."""
    last = size - 1
    for sibling in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            node = sha256(b"\1", sibling, node)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            node = sha256(b"\1", node, sibling)
        index, last = index >> 1, last >> 1
    return node if last == 0 else None


_, size, root = (here / "checkpoint.txt").read_text().split("\n")[:3]
size, root, signed = int(size), base64.b64decode(root), (here / "checkpoint").read_text()
stored = {}
for path in sorted((here / "manifests").iterdir()):
    manifest, leaf = path.read_bytes(), path.name.split(".")[0]
    proof, checkpoint = (here / "proofs" / (leaf + ".tlog-proof")).read_text().split("\n\n", 1)
    _, salt, index, *hashes = proof.split("\n")
    entry = sha256(base64.b64decode(salt.split(" ")[1]), manifest)
    found = root_from(int(leaf), size, sha256(b"\0", entry), [base64.b64decode(line) for line in hashes])
    if found != root or checkpoint != signed or index != "index " + leaf:
        wrong.append(f"{path}: not in the signed log")
    stored[leaf] = {record["stored"]["digest"] for record in json.loads(manifest)["records"]}
rows = [line.split("\t") for line in (here / "records.tsv").read_text().splitlines()]
for name in sorted({row[1] for row in rows} | {path.name for path in (here / "records").iterdir()}):
    data, at = (here / "records" / name).read_bytes(), 0
    for leaf, _, offset, length in sorted((row for row in rows if row[1] == name), key=lambda row: int(row[2])):
        digest = "sha256:" + sha256(data[int(offset):int(offset) + int(length)]).hex()
        if int(offset) != at or leaf != "-" and digest not in stored.get(leaf, ()):
            wrong.append(f"{name} at {offset}: not the record of leaf {leaf}")
        at = int(offset) + int(length)
    if at != len(data):
        wrong.append(f"{name}: bytes {at} to {len(data)} belong to no record")
print("\n".join(wrong) or f"{len(stored)} captures: each is in the signed log of {size} entries, each record is as logged")
sys.exit(4 if wrong else 0)
