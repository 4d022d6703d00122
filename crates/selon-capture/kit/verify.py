#!/usr/bin/env python3
"""Checks an evidence kit without Selon: step 3 of VERIFY.md. Usage: verify.py [FOLDER]

Needs Python's standard library alone. Exit status: 0 all agrees, 4 something does not."""
import hashlib, json, pathlib, sys  # noqa: E401
from base64 import b64decode

here, wrong = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "."), []


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root_from(index, size, node, path):
    """Root that an audit path leads to (RFC 6962, 2.1.1); empty where it has not the right length."""
    if index >= size or size == 1 or not path:
        return node if (index, size, path) == (0, 1, []) else b""
    half = 1 << (size - 1).bit_length() - 1
    if index < half:
        return sha256(b"\1", root_from(index, half, node, path[:-1]), path[-1])
    return sha256(b"\1", path[-1], root_from(index - half, size - half, node, path[:-1]))


def check_leaf(folder, leaf, manifest, proof):
    """Holds a manifest against the checkpoint of a folder, of which openssl takes text and signature."""
    (head, note), at = (here / proof).read_text().split("\n\n", 1), here / folder
    (_, salt, index, *path), (text, signed) = head.split("\n"), note.split("\n\n", 1)
    parts = note.encode(), f"{text}\n".encode(), b64decode(signed.split()[2])[4:]
    node, path = sha256(b"\0", sha256(b64decode(salt.split(" ")[1]), manifest)), [b64decode(line) for line in path]
    root = root_from(int(index.split(" ")[1]), int(text.split("\n")[1]), node, path)
    if root != b64decode(text.split("\n")[2]) or index not in (f"index {leaf}", leaf or index):
        wrong.append(f"{proof}: not in the signed log")
    if parts != tuple((at / f"checkpoint{end}").read_bytes() for end in ("", ".txt", ".sig")):
        wrong.append(f"{proof}: another checkpoint than that in {at}")


vkey, pem = (here / "vkey").read_text().strip(), (here / "log.pem").read_text().split("\n")
if b64decode("".join(pem[1:-2]))[-32:] != b64decode(vkey.split("+", 2)[2])[1:]:
    wrong.append("log.pem: not the key of vkey")
export = (here / "sealed/export.json").read_bytes()
check_leaf("sealed", None, export, "sealed/export.tlog-proof")
if json.loads(export)["sealed"] != "sha256:" + sha256((here / "SHA256SUMS").read_bytes()).hex():
    wrong.append("SHA256SUMS: not the list that was logged when the kit was made")
rows, listed = [line.split("\t") for line in (here / "records.tsv").read_text().splitlines()], set()
for path in sorted((here / "manifests").iterdir()):
    check_leaf("", path.stem, path.read_bytes(), f"proofs/{path.stem}.tlog-proof")
    listed |= {(path.stem, record["stored"]["digest"]) for record in json.loads(path.read_bytes())["records"]}
left = listed - {tuple(row.split("\t")[::2]) for row in (here / "withheld.tsv").read_text().splitlines()}
for name in sorted({row[1] for row in rows} | {path.name for path in (here / "records").iterdir()}):
    data, at = (here / "records" / name).read_bytes(), 0
    for leaf, _, offset, length in sorted((row for row in rows if row[1] == name), key=lambda row: int(row[2])):
        record = leaf, "sha256:" + sha256(data[int(offset):int(offset) + int(length)]).hex()
        if int(offset) != at or leaf != "-" and record not in listed:
            wrong.append(f"{name} at {offset}: not a record of leaf {leaf}")
        left, at = left - {record}, int(offset) + int(length)
    wrong += [f"{name}: bytes {at} to {len(data)} belong to no record"] * (at != len(data))
wrong += [f"leaf {leaf}: its record {digest} is not here" for leaf, digest in sorted(left)]
print("\n".join(wrong) or f"{vkey}\n{len(listed)} records as logged; nothing is missing")
sys.exit(4 if wrong else 0)
