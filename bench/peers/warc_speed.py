"""Makes WARC files of a folder's pages, and reads them with FastWARC and warcio.

Usage: warc_speed.py make FOLDER MEGABYTES ALGORITHM FILE [block]   a gzip WARC, a member a record
       warc_speed.py fastwarc|fastwarc-both|fastwarc-plain|warcio FILE   CPU seconds, as JSON
       warc_speed.py pair SELON FILE [PAIRS] [fastwarc|fastwarc-both|check]   both in turn, and their ratio

`make` writes response records with block and payload digests by ALGORITHM (sha1 or sha256), with
`block` without those of payloads, the pages in order and again until there are as many MEGABYTES of
content. `fastwarc` reads with the block digest of every record verified, `fastwarc-both` with that of
the payload too, `fastwarc-plain` with none, `warcio` with block and payload digests. `pair` takes of
`selon verify FILE` the CPU seconds of the whole process, of FastWARC those of reading alone, without
the start of Python; with `check` those of the whole command `fastwarc check --quiet FILE`, which holds
the digests of blocks as ours does.
"""

import base64
import gzip
import hashlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time
import uuid
import zlib


def make(folder, megabytes, algorithm, out, block_alone=False):
    paths = sorted(pathlib.Path(folder).rglob("*.html.gz")) + sorted(pathlib.Path(folder).rglob("*.html"))
    pages = [gzip.decompress(p.read_bytes()) if p.suffix == ".gz" else p.read_bytes() for p in paths]
    if not pages:
        sys.exit(f"{folder} holds no *.html or *.html.gz")

    def digest(data):
        value = hashlib.new(algorithm, data)
        if algorithm == "sha1":
            return "sha1:" + base64.b32encode(value.digest()).decode()
        return f"{algorithm}:{value.hexdigest()}"

    written = records = 0
    with open(out, "wb") as file:
        while written < megabytes * 1e6:
            page = pages[records % len(pages)]
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\n\r\n"
            block = head.encode() + page
            name = uuid.uuid5(uuid.NAMESPACE_URL, str(records))
            header = (
                "WARC/1.1\r\nWARC-Type: response\r\n"
                f"WARC-Record-ID: <urn:uuid:{name}>\r\nWARC-Date: 2026-11-22T10:00:00Z\r\n"
                f"WARC-Target-URI: http://a.test/{records}\r\n"
                f"WARC-Block-Digest: {digest(block)}\r\n"
                + ("" if block_alone else f"WARC-Payload-Digest: {digest(page)}\r\n")
                + "Content-Type: application/http;msgtype=response\r\n"
                f"Content-Length: {len(block)}\r\n\r\n"
            )
            packer = zlib.compressobj(6, zlib.DEFLATED, 31)
            file.write(packer.compress(header.encode() + block + b"\r\n\r\n") + packer.flush())
            written += len(block)
            records += 1
    print(json.dumps({"records": records, "content": written, "stored": pathlib.Path(out).stat().st_size}))


def fastwarc(path, verify, payload=False):
    from fastwarc.warc import ArchiveIterator

    records = 0
    begun = time.process_time()
    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream, parse_http=False):
            if verify and record.verify_block_digest(not payload) is not True:
                sys.exit(f"{record.record_id} does not verify")
            if payload:
                record.parse_http()
                if record.verify_payload_digest(True) is not True:
                    sys.exit(f"the payload of {record.record_id} does not verify")
            if not verify:
                record.reader.consume()
            records += 1
    return records, time.process_time() - begun


def warcio(path):
    from warcio.archiveiterator import ArchiveIterator

    records = 0
    begun = time.process_time()
    with open(path, "rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            while record.raw_stream.read(65536):
                pass
            records += 1
    return records, time.process_time() - begun


def of_process(*command):
    """CPU seconds of a whole process that ends well."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{command} ends with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def of_fastwarc(path, mode):
    if mode == "check":
        return of_process(str(pathlib.Path(sys.executable).parent / "fastwarc"), "check", "--quiet", path)
    read = subprocess.run([sys.executable, __file__, mode, path], check=True, capture_output=True)
    return json.loads(read.stdout)["seconds"]


def pair(selon, path, pairs, mode):
    ours, theirs = [], []
    for _ in range(pairs):
        theirs.append(of_fastwarc(path, mode))
        ours.append(of_process(selon, "verify", path))
    ratios = [other / own for other, own in zip(theirs, ours)]
    print(json.dumps({
        "pairs": pairs,
        "selon_seconds": round(statistics.median(ours), 3),
        f"{mode}_seconds": round(statistics.median(theirs), 3),
        "ratio": round(statistics.median(ratios), 2),
        "lowest": round(min(ratios), 2),
        "highest": round(max(ratios), 2),
        "ratio_of_shortest": round(min(theirs) / min(ours), 2),
    }))


if __name__ == "__main__":
    if sys.argv[1] == "pair":
        pair(sys.argv[2], sys.argv[3], int((sys.argv[4:] or ["9"])[0]), (sys.argv[5:] or ["fastwarc"])[0])
    elif sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5], sys.argv[6:] == ["block"])
    else:
        path = sys.argv[2]
        readers = {
            "fastwarc": lambda: fastwarc(path, True),
            "fastwarc-both": lambda: fastwarc(path, True, True),
            "fastwarc-plain": lambda: fastwarc(path, False),
            "warcio": lambda: warcio(path),
        }
        records, seconds = readers[sys.argv[1]]()
        print(json.dumps({"records": records, "seconds": seconds}))
