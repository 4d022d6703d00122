"""Captures of a hostile site, held against every tool that is not ours.

Usage: thirdparty.py SELON [CAPTURES]      run by thirdparty.sh, which installs the tools

Serves hostile_site.py on this machine, has Selon fetch it (a tenth of it twice), seal it by an
authority that openssl runs, and export it; then calls warcio, FastWARC, cdxj-indexer, py-wacz, pywb,
openssl, rfc3161-client and Go's checksum-database code on what was written. Prints a line for each
call; the exit status is 1 where one finds fault.
"""

import gzip
import http.client
import http.server
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zipfile

import hostile_site

HERE = pathlib.Path(__file__).resolve().parent
TSA = HERE.parents[1] / "crates/selon-capture/tests/common/tsa.cnf"
faults = 0


def say(name, good, what=""):
    global faults
    faults += not good
    print(f"{'pass' if good else 'FAIL'}  {name}{': ' + what if what else ''}", flush=True)


def run(*command, **more):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)


def call(name, *command, **more):
    done = run(*command, **more)
    last = (done.stdout + done.stderr).strip().splitlines()[-1:]
    say(name, done.returncode == 0, (last[0] if last else "")[:150])
    return done


def tool(name):
    return pathlib.Path(sys.executable).parent / name


def authority(folder):
    """An authority behind a port of this machine; gives the port."""
    folder.mkdir()
    (folder / "tsa.cnf").write_bytes(TSA.read_bytes())
    (folder / "serial").write_text("01\n")
    key = "ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
    for step in (
        f"req -x509 -newkey {key} -keyout ca.key -out ca.pem -days 99 -subj /CN=Root -config tsa.cnf -extensions ca",
        f"req -new -newkey {key} -keyout tsa.key -out tsa.csr -subj /CN=Signer -config tsa.cnf",
        "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 99 -extfile tsa.cnf -extensions stamping",
    ):
        run("openssl", *step.split(), cwd=folder, check=True)

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            (folder / "q.tsq").write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            reply = "ts -reply -config tsa.cnf -section tsa1 -queryfile q.tsq -out r.tsr"
            run("openssl", *reply.split(), cwd=folder, check=True)
            body = (folder / "r.tsr").read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def index_line(line):
    """SURT and time, and the fields that both indexes have, numbers as text."""
    surt, when, fields = line.split(" ", 2)
    fields = json.loads(fields)
    names = ("url", "mime", "status", "digest", "filename", "offset", "length")
    return surt, when, {name: str(fields[name]) for name in names if name in fields}


def coded(folder, warcs):
    """File and offset of each response whose head states a transfer coding."""
    from warcio.archiveiterator import ArchiveIterator
    places = set()
    for warc in warcs:
        with open(folder / warc.name, "rb") as file:
            records = ArchiveIterator(file)
            for record in records:
                head = record.http_headers
                if record.rec_type == "response" and head and head.get_header("Transfer-Encoding"):
                    places.add((warc.name, str(records.get_record_offset())))
    return places


def beside(ours, theirs, places):
    """Lines of two indexes that differ; those of `places` may differ in their digest."""
    def shown(line):
        surt, when, fields = line
        if (fields.get("filename"), fields.get("offset")) in places:
            fields = {name: value for name, value in fields.items() if name != "digest"}
        return repr((surt, when, sorted(fields.items())))

    ours, theirs = sorted(map(shown, ours)), sorted(map(shown, theirs))
    odd = [pair for pair in zip(ours, theirs) if pair[0] != pair[1]]
    if len(ours) != len(theirs):
        odd.append((f"{len(ours)} lines", f"{len(theirs)} lines"))
    return odd


def same_index(wacz, warcs, work):
    """Our index beside cdxj-indexer's, field by field; the digest of what has a transfer coding, and
    of nothing else, is taken of the payload by us, as the standard has it, and of the coded bytes
    there. Gives the number of these lines, and the pairs that differ."""
    with zipfile.ZipFile(wacz) as package:
        ours = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines()
        for name in package.namelist():
            if name.startswith("archive/"):
                (work / name.split("/")[1]).write_bytes(package.read(name))
    theirs = []
    for warc in warcs:
        theirs += run(tool("cdxj-indexer"), work / warc.name).stdout.splitlines()
    ours, theirs = list(map(index_line, ours)), list(map(index_line, theirs))
    places = coded(work, warcs)
    odd = beside(ours, theirs, places)
    for wrong in [line for line in ours if "digest" in line[2]]:
        # The comparison itself: a digest of ours that is wrong, elsewhere, must be found.
        surt, when, fields = wrong
        if (fields["filename"], fields["offset"]) not in places:
            changed = [line for line in ours if line is not wrong] + [(surt, when, {**fields, "digest": "sha256:0"})]
            if len(beside(changed, theirs, places)) <= len(odd):
                odd.append(("a wrong digest", "not found"))
            break
    return len(places), odd


def whole(answer):
    """What came, also where the kept answer is shorter than its server had promised."""
    try:
        return answer.read()
    except http.client.IncompleteRead as cut:
        return cut.partial


class Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect."""

    def redirect_request(self, *_):
        return None


def replay(pywb, site, numbers):
    """Addresses through pywb, without what it adds: the bytes as the site meant them."""
    wrong = []
    opener = urllib.request.build_opener(Stay)
    for n in numbers:
        expected = hostile_site.payload(n)
        request = urllib.request.Request(f"{pywb}/20id_/{site}/{n}", headers={"Accept-Encoding": "identity"})
        try:
            with opener.open(request, timeout=30) as answer:
                status, body, coding = answer.status, whole(answer), answer.headers.get("Content-Encoding")
        except urllib.error.HTTPError as error:
            status, body, coding = error.code, error.read(), error.headers.get("Content-Encoding")
        except OSError as error:
            wrong.append((n, repr(error)))
            continue
        if coding == "gzip":
            body = gzip.decompress(body)
        if expected is None:
            if status != 302:
                wrong.append((n, f"status {status} for a redirect"))
            continue
        if body != expected:
            wrong.append((n, f"kind {n % len(hostile_site.KINDS)}, status {status}, {len(body)} octets for {len(expected)}"))
    return wrong


def stamped(stamps, authority_folder):
    """rfc3161-client over the same answer."""
    import rfc3161_client
    from cryptography import x509

    root = x509.load_pem_x509_certificate((authority_folder / "ca.pem").read_bytes())
    verifier = rfc3161_client.VerifierBuilder().add_root_certificate(root).build()
    response = rfc3161_client.decode_timestamp_response((stamps / "north.tsr").read_bytes())
    return verifier.verify_message(response, (stamps / "checkpoint.txt").read_bytes())


def main():
    selon = pathlib.Path(sys.argv[1]).resolve()
    captures = int(sys.argv[2]) if len(sys.argv) > 2 else 1000
    work = pathlib.Path(tempfile.mkdtemp(prefix="selon-thirdparty-"))
    environment = {**os.environ, "HOME": str(work), "SELON_KEYS": f"{work}/keys", "SELON_ARCHIVE": f"{work}/archive"}
    server = hostile_site.Server(("127.0.0.1", 0), hostile_site.Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"127.0.0.1:{server.server_address[1]}"
    site = f"http://{address}"
    (work / "all.txt").write_text("".join(f"{site}/{n}\n" for n in range(captures)))
    (work / "again.txt").write_text("".join(f"{site}/{n}\n" for n in range(0, captures, 10)))
    begun = time.monotonic()
    for names in ("all.txt", "again.txt"):
        added = run(selon, "add", "--delay", "0", "--no-requisites", "--allow", address, "--list", work / names,
                    "--json", env=environment)
        say(f"selon add --list {names}", added.returncode in (0, 3), added.stderr.strip()[-150:] if added.returncode not in (0, 3) else "")
    server.shutdown()
    print(f"      fetched in {time.monotonic() - begun:.0f} s")
    port = authority(work / "tsa")
    (work / "tsa" / "trust.toml").write_text(
        f'[[authority]]\nname = "north"\nurl = "http://127.0.0.1:{port}/"\nlocal = true\nroots = ["ca.pem"]\n')
    call("selon seal", selon, "seal", "--trust", work / "tsa" / "trust.toml", env=environment)
    call("selon verify", selon, "verify", work / "archive", "--trust", work / "tsa" / "trust.toml", env=environment)
    checkpoint = (work / "archive/ledger/checkpoint").read_text().split("\n")
    print(f"      {checkpoint[1]} leaves")
    wacz = work / "all.wacz"
    call("selon export --as wacz", selon, "export", wacz, "--as", "wacz", env=environment)
    call("selon export --as kit", selon, "export", work / "kit", "--as", "kit", env=environment)

    warcs = sorted((work / "archive/warc").rglob("*.warc.gz"))
    for warc in warcs:
        call(f"warcio check -v {warc.name}", tool("warcio"), "check", "-v", warc)
        call(f"warcio index {warc.name}", tool("warcio"), "index", warc)
        checked = call(f"fastwarc check {warc.name}", tool("fastwarc"), "check", warc)
        if "skipped" in checked.stdout:
            say("fastwarc check", False, "records were skipped")
        call(f"fastwarc index {warc.name}", tool("fastwarc"), "index", warc)
    (work / "unpacked").mkdir()
    coded, odd = same_index(wacz, warcs, work / "unpacked")
    say("cdxj-indexer", not odd, str(odd[:1])[:400] if odd else f"equal; digests of {coded} lines with a transfer coding aside")
    call("wacz validate", tool("wacz"), "validate", "-f", wacz)
    run(tool("wb-manager"), "init", "t", cwd=work, env=environment)
    own = work / "collections/own"
    run(tool("wb-manager"), "init", "own", cwd=work, env=environment)
    for path in (work / "unpacked").iterdir():
        path.rename(own / "archive" / path.name)
    with zipfile.ZipFile(wacz) as package:
        (own / "indexes/index.cdxj").write_bytes(gzip.decompress(package.read("indexes/index.cdx.gz")))
    call("wb-manager add", tool("wb-manager"), "add", "t", *warcs, cwd=work, env=environment)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = open(work / "wayback.log", "w")
    wayback = subprocess.Popen([str(tool("wayback")), "-b", "127.0.0.1", "-p", str(port)], cwd=work, env=environment,
                               stdout=log, stderr=log)
    try:
        for _ in range(60):
            time.sleep(1)
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
                break
            except OSError:
                pass
        # By pywb's own index, and by that of the package, which has its tenth of addresses twice.
        for collection, numbers in (("t", range(captures)), ("own", range(0, captures, 10))):
            wrong = replay(f"http://127.0.0.1:{port}/{collection}", site, numbers)
            say(f"pywb replay, collection {collection}", not wrong,
                f"{len(wrong)} of {len(numbers)}: {wrong[:3]}" if wrong else f"{len(numbers)} addresses, bytes equal")
        found = urllib.request.urlopen(f"http://127.0.0.1:{port}/t/cdx?url={site}/0&output=json", timeout=30).read()
        say("pywb cdx", len(found.splitlines()) == 2, f"{len(found.splitlines())} lines of an address fetched twice")
    finally:
        wayback.terminate()
        wayback.wait()
    newest = max((work / "archive/ledger/stamps").iterdir(), key=lambda path: int(path.name))
    call("openssl ts -verify", "openssl", "ts", "-verify", "-data", newest / "checkpoint.txt", "-in",
         newest / "north.tsr", "-CAfile", work / "tsa/ca.pem")
    try:
        say("rfc3161-client", stamped(newest, work / "tsa") is True)
    except Exception as error:
        say("rfc3161-client", False, repr(error)[:200])
    call("kit: sha256sum -c", "sha256sum", "--quiet", "-c", "SHA256SUMS", cwd=work / "kit")
    call("kit: verify.py", sys.executable, "verify.py", cwd=work / "kit")
    go = {**environment, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": f"{work}/go"}
    call("Go x/mod sumdb", "go", "run", HERE / "tlog/main.go", work / "archive/ledger", env=go)
    if faults:
        print(f"{faults} faults; what was written is in {work}")
    else:
        run("rm", "-rf", work)
        print("no faults")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
