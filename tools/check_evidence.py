#!/usr/bin/env python3
"""Checks a Selon archive without Selon, with Python's standard library alone.

Recomputes the root of the log from its entries (RFC 6962), holds it against the signed checkpoint
(C2SP tlog-checkpoint, Ed25519), every manifest against its entry, and every stored record, its
block and every container against its manifest. A manifest that is said to be erased needs an order
in the log that names its leaf and its entry, and the records that the order put in the place of the
erased ones. Reads docs/formats/{ledger,manifest,warc}.md only.

Usage: check_evidence.py ARCHIVE        Exit status: 0 all agrees, 4 something does not.
"""

import base64
import gzip
import hashlib
import json
import pathlib
import re
import sys
import zlib


def sha256(data):
    return hashlib.sha256(data).digest()


def numbered(n):
    groups = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        groups.insert(0, "x%03d" % (n % 1000))
    return "/".join(groups)


def root_of(hashes):
    """Merkle tree hash of leaf hashes (RFC 6962, section 2.1), by its recursive definition."""
    if not hashes:
        return sha256(b"")
    if len(hashes) == 1:
        return hashes[0]
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return sha256(b"\x01" + root_of(hashes[:split]) + root_of(hashes[split:]))


# Ed25519 (RFC 8032, section 5.1), for checking only; slow and plain.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
I = pow(2, (P - 1) // 4, P)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    p, q = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    r, s = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point = add(point, point)
        n >>= 1
    return result


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * I % P
    if (x * x - xx) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def verify_ed25519(key, message, signature):
    a, r, s = decompress(key), decompress(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


class Archive:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.wrong = []
        self.records = 0
        self.erased = 0

    def check(self, agrees, what):
        if not agrees:
            self.wrong.append(what)
        return agrees

    def read(self, name):
        return (self.folder / name).read_bytes()

    def tried(self, what, check, *arguments):
        """What cannot be read is something that does not agree, not an end of checking."""
        try:
            return check(*arguments)
        except (AttributeError, EOFError, LookupError, OSError, TypeError, ValueError, zlib.error) as error:
            self.check(False, "%s: cannot be read (%s)" % (what, error or type(error).__name__))

    def checkpoint(self):
        vkey = self.read("ledger/vkey").decode()
        name, key_id, typed = vkey.rstrip("\n").split("+", 2)
        typed = base64.b64decode(typed)
        self.check(typed[0] == 1, "ledger/vkey: not an Ed25519 key")
        right_id = sha256(name.encode() + b"\n" + typed)[:4]
        self.check(right_id.hex() == key_id, "ledger/vkey: key id")
        text, signatures = self.read("ledger/checkpoint").decode().split("\n\n")
        text += "\n"
        signed = False
        for line in signatures.splitlines():
            dash, signer, blob = line.split(" ")
            blob = base64.b64decode(blob)
            if dash == "\u2014" and signer == name and blob[:4] == right_id:
                signed = verify_ed25519(typed[1:], text.encode(), blob[4:])
        self.check(signed, "ledger/checkpoint: signature")
        origin, size, root = text.split("\n")[:3]
        self.check(origin == name, "ledger/checkpoint: origin")
        return int(size), base64.b64decode(root)

    def entries(self, size):
        found = []
        for n in range((size + 255) // 256):
            width = min(256, size - n * 256)
            name = "ledger/tile/entries/" + numbered(n) + ("" if width == 256 else ".p/%d" % width)
            data, at = self.read(name), 0
            while at < len(data):
                length = int.from_bytes(data[at : at + 2], "big")
                found.append(data[at + 2 : at + 2 + length])
                at += 2 + length
        self.check(len(found) == size, "entries: %d, checkpoint says %d" % (len(found), size))
        return found

    def manifests(self, entries):
        """Manifests by leaf, and the orders that lines name which stand in the place of erased ones."""
        manifests, erased, lines = {}, {}, []
        for leaf, entry in enumerate(entries):
            what = "manifest of leaf %d" % leaf
            if leaf % 256 == 0:
                name = "manifests/" + numbered(leaf // 256)
                lines = (self.tried(name, self.read, name) or b"").split(b"\n")[:-1]
            if not self.check(leaf % 256 < len(lines), what + ": is missing"):
                continue
            line = lines[leaf % 256]
            order = re.fullmatch(rb"erased (0|[1-9][0-9]*)", line)
            parts = re.fullmatch(rb"([0-9a-f]{64}) (.*)", line)
            if order:
                erased[leaf] = int(order[1])
            elif not self.check(parts, what + ": is no line of a manifest file"):
                pass
            elif self.check(sha256(bytes.fromhex(parts[1].decode()) + parts[2]) == entry, what):
                manifests[leaf] = self.tried(what, json.loads, parts[2]) or {}
        return manifests, erased

    def orders(self, manifests, erased, entries):
        """Every erased leaf has its order. Gives the leaves of each, and the places of its records."""
        orders = {leaf: m for leaf, m in manifests.items() if m.get("kind") == "tombstone"}
        for leaf, tombstone in erased.items():
            order = orders.get(tombstone, {"leaves": [], "entries": []})
            named = dict(zip(order["leaves"], order["entries"]))
            agrees = named.get(leaf) == "sha256:" + entries[leaf].hex()
            self.check(agrees, "leaf %d is said to be erased, but leaf %d is no order for it" % (leaf, tombstone))
            self.erased += agrees
        return orders

    def stands(self, record):
        """Whether the stored bytes of a record stand where a manifest says."""
        with open(self.folder / record["file"].partition("#")[0], "rb") as file:
            file.seek(record["offset"])
            return digest(file.read(record["stored"]["length"])) == record["stored"]["digest"]

    def record(self, leaf, record, orders):
        where = "record %s of leaf %d" % (record["id"], leaf)
        # While an erasure is under way, what the order writes may stand there already.
        for order in orders.values():
            for stub in order["stubs"] if leaf in order["leaves"] else []:
                if (stub["file"], stub["offset"]) == (record["file"], record["offset"]) and self.stands(stub):
                    return
        name, _, inner = record["file"].partition("#")
        if record["stored"] is None:
            return
        with open(self.folder / name, "rb") as file:
            file.seek(record["offset"])
            stored = file.read(record["stored"]["length"])
        self.records += 1
        if not self.check(digest(stored) == record["stored"]["digest"], where + ": stored bytes"):
            return
        content = gzip.decompress(stored) if stored[:2] == b"\x1f\x8b" else stored
        head, block = content.split(b"\r\n\r\n", 1)
        if record["file"].startswith("warc/"):
            self.check(block.endswith(b"\r\n\r\n"), where + ": record end")
            block = block[:-4]
            self.check(digest(block) == record["block"]["digest"], where + ": block")
            field = ("WARC-Block-Digest: " + record["block"]["digest"]).encode()
            self.check(field in head.split(b"\r\n"), where + ": WARC-Block-Digest")

    def manifest(self, leaf, manifest, erased, orders):
        self.check(manifest["format"] == "selon-manifest/1", "format of leaf %d" % leaf)
        self.check((manifest["kind"] == "genesis") == (leaf == 0), "genesis at leaf %d" % leaf)
        ordered = any(leaf in order["leaves"] for order in orders.values())
        if manifest["kind"] == "capture":
            for record in manifest["records"]:
                container = record["file"].partition("#")[0]
                if not ordered or (self.folder / container).exists():
                    self.record(leaf, record, orders)
        if manifest["kind"] == "import":
            if not ordered or (self.folder / manifest["file"]).exists():
                content = self.read(manifest["file"])
                self.check(digest(content) == manifest["content"]["digest"], "container of leaf %d" % leaf)
        if manifest["kind"] == "tombstone" and any(order == leaf for order in erased.values()):
            for record in manifest["stubs"] + manifest["kept"]:
                self.record(leaf, record, {})

    def run(self):
        size, root = self.checkpoint()
        entries = self.entries(size)
        self.check(root_of([sha256(b"\x00" + entry) for entry in entries]) == root, "root of the log")
        manifests, erased = self.manifests(entries)
        orders = self.tried("orders to erase", self.orders, manifests, erased, entries) or {}
        for leaf, manifest in manifests.items():
            self.tried("what leaf %d names" % leaf, self.manifest, leaf, manifest, erased, orders)
        return size


def digest(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def main():
    if len(sys.argv) != 2:
        print(__doc__.strip().splitlines()[-1], file=sys.stderr)
        return 2
    archive = Archive(sys.argv[1])
    size = archive.tried("the log", archive.run)
    for what in archive.wrong:
        print("does not agree: " + what)
    if not archive.wrong:
        gone = ", %d erased on order" % archive.erased if archive.erased else ""
        agree = "root, signature, manifests and records agree"
        print("%d entries, %d records%s: %s" % (size, archive.records, gone, agree))
    return 4 if archive.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
