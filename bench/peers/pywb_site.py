"""A small site for pywb_replay.sh: serve it, or compare what pywb shows with what it serves.

  pywb_site.py serve            prints the port, then serves until it is stopped
  pywb_site.py compare PYWB SITE   PYWB http://127.0.0.1:P/t, SITE http://127.0.0.1:Q
"""

import gzip
import http.server
import re
import struct
import sys
import urllib.parse
import urllib.request
import zlib


def png(red):
    """A picture of one colour, two by two."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    rows = (b"\0" + bytes([red, 0, 0]) * 2) * 2
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


PAGE = """<!doctype html><html lang="fr"><head><title>Alep</title><link rel="stylesheet" href="/css/main.css">
<base href="/"></head><body style="background-image: url('back.png')"><h1>Les combats ont repris</h1>
<p>Selon l'armée, plus de 3 000 civils ont fui.</p><img src="photo.png" srcset="photo.png 1x, large.png 2x">
<video poster="poster.png"></video></body></html>""".encode()

FILES = {
    "/story": ("text/html; charset=utf-8", PAGE, "plain"),
    "/coded": ("text/html; charset=utf-8", PAGE.replace(b"Alep", b"Homs"), "chunked gzip"),
    "/css/main.css": ("text/css", b"@import 'more.css'; h1 { background: url(../head.png) }", "gzip"),
    "/css/more.css": ("text/css", b"p { color: #333 }", "plain"),
    **{f"/{name}.png": ("image/png", png(at), "plain")
       for at, name in enumerate(["back", "photo", "large", "poster", "head"])},
}


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path == "/old":
            self.send_response(301)
            self.send_header("Location", "/story")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if self.path not in FILES:
            self.send_error(404)
            return
        kind, body, coding = FILES[self.path]
        self.send_response(200)
        self.send_header("Content-Type", kind)
        if "gzip" in coding:
            body = gzip.compress(body, mtime=0)
            self.send_header("Content-Encoding", "gzip")
        if "chunked" in coding:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(body), 100):
                piece = body[at:at + 100]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        else:
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def log_message(self, *_):
        pass


def get(url):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "identity"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        body = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        return answer.status, body, answer.geturl()


def compare(pywb, site):
    faults = 0
    # The bytes, without what pywb adds.
    for path, (_, body, _) in FILES.items():
        status, found, _ = get(f"{pywb}/20id_/{site}{path}")
        good = status == 200 and found == body
        faults += not good
        print(f"{'same' if good else 'DIFFERS':8}{path}")
    # A page as a reader opens it: every picture and sheet that it names answers from the archive.
    for path in ["/story", "/coded", "/old"]:
        _, page, at = get(f"{pywb}/20mp_/{site}{path}")
        text = page.decode()
        named = re.findall(r'(?:src|href|poster)="([^"]+\.(?:png|css))"', text)
        named += re.findall(r"url\('?([^')]+\.png)", text)
        named += [one.split()[0] for sets in re.findall(r'srcset="([^"]+)"', text) for one in sets.split(",")]
        base = re.search(r'<base href="([^"]+)"', text)
        base = urllib.parse.urljoin(at, base.group(1)) if base else at
        for name in named:
            address = urllib.parse.urljoin(base, name)
            inside = address.startswith(pywb)
            status = get(address)[0] if inside else 0
            good = inside and status == 200
            faults += not good
            print(f"{'shown' if good else 'MISSING':8}{path}: {address.removeprefix(pywb)}")
        faults += len(named) < 6
    print(f"{faults} faults")
    return 1 if faults else 0


if sys.argv[1] == "serve":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    print(server.server_address[1], flush=True)
    server.serve_forever()
else:
    sys.exit(compare(sys.argv[2], sys.argv[3]))
