"""A site of this machine whose answers are right, odd or broken, each by its number.

`python3 hostile_site.py` prints the port, then serves until it is stopped. `/N` is answered by kind
N modulo the number of kinds; `payload(N)` is what a reader should be shown for it, with transfer and
content coding removed, and `None` where the address is a redirect.
"""

import gzip
import hashlib
import socketserver

BODY = "<!doctype html><title>{n}</title><p>Selon l'armée, {n} civils ont fui la vallée. حلب"


def noise(n, length):
    """Bytes that look random, the same each time."""
    made = b"".join(hashlib.sha256(b"%d %d" % (n, at)).digest() for at in range(length // 32 + 1))
    return made[:length]


def text(n):
    return BODY.format(n=n).encode() + b"<p>" + b"x" * (n % 500)


def packed(data):
    return gzip.compress(data, mtime=0)


def plain(body, fields=b"Content-Type: text/html; charset=utf-8\r\n", status=b"200 OK"):
    return b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\n\r\n%s" % (status, fields, len(body), body)


def chunked(body, fields=b"Content-Type: text/html; charset=utf-8\r\n", size=b"%x", end=b"0\r\n\r\n"):
    out = b"HTTP/1.1 200 OK\r\n%sTransfer-Encoding: chunked\r\n\r\n" % fields
    for at in range(0, len(body), 97):
        piece = body[at:at + 97]
        out += size % len(piece) + b"\r\n" + piece + b"\r\n"
    return out + end


HTML = b"Content-Type: text/html; charset=utf-8\r\n"
GZIP = HTML + b"Content-Encoding: gzip\r\n"


def folded(n):
    fields = HTML + b"X-Folded: one\r\n two\r\n" + b"".join(b"X-%d: %d\r\n" % (i, n) for i in range(60))
    return plain(text(n), fields), text(n)


def records_inside(n):
    body = text(n) + b"\r\n\r\nWARC/1.1\r\nWARC-Type: resource\r\nContent-Length: 9\r\n\r\n\x1f\x8b\x08\0\r\n\r\n" + text(n)
    return plain(body), body


def simple(make):
    """A kind whose payload is its text."""
    return lambda n: (make(n), text(n))


# Each gives what is sent and what is to be shown.
KINDS = [
    simple(lambda n: plain(text(n))),
    simple(lambda n: chunked(text(n))),
    simple(lambda n: plain(packed(text(n)), GZIP)),
    simple(lambda n: chunked(packed(text(n)), GZIP)),
    # No trailer behind it: pywb 2.10.0 hands trailers out as content, whoever wrote the record.
    simple(lambda n: chunked(text(n), size=b"00%X;name=value")),
    simple(lambda n: b"HTTP/1.0 200 OK\r\n" + HTML + b"\r\n" + text(n)),
    lambda n: (plain(b"\x89PNG\r\n\x1a\n" + noise(n, 3000), b"Content-Type: image/png\r\n"),
               b"\x89PNG\r\n\x1a\n" + noise(n, 3000)),
    lambda n: (plain("حلب مدينة".encode("windows-1256") * 20, b"Content-Type: text/html\r\n"),
               "حلب مدينة".encode("windows-1256") * 20),
    folded,
    simple(lambda n: b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + plain(text(n))),
    simple(lambda n: plain(text(n)) + b"HTTP/1.1 200 OK\r\n\r\nbehind the end"),
    lambda n: (plain(b""), b""),
    simple(lambda n: plain(text(n), status=b"404 Not Found")),
    simple(lambda n: plain(text(n), status=b"410 Gone")),
    lambda n: (plain(b"", b"Location: /%d\r\n" % (n - n % len(KINDS)), b"302 Found"), None),
    # Less than was promised: kept up to there.
    simple(lambda n: plain(text(n)).replace(b"Content-Length: ", b"Content-Length: 9")),
    lambda n: (plain(packed(b"\0" * 3_000_000 + b"%d" % n), GZIP), b"\0" * 3_000_000 + b"%d" % n),
    simple(lambda n: b"HTTP/1.1 200\r\n" + HTML + b"Content-Length: %d\r\n\r\n" % len(text(n)) + text(n)),
    simple(lambda n: plain(text(n), HTML + b"X-Long: " + b"v" * 30_000 + b"\r\n")),
    records_inside,
    lambda n: (plain(bytes(range(256)) * 8 + b"%d" % n), bytes(range(256)) * 8 + b"%d" % n),
    simple(lambda n: plain(text(n), HTML + b"Content-Length: %d\r\n" % len(text(n)))),
    simple(lambda n: plain(text(n), HTML + b"Set-Cookie: a=%d\r\nSet-Cookie: b=2; Path=/\r\n" % n)),
    simple(lambda n: plain(text(n), b"")),
    lambda n: (plain(b'{"n": %d}' % n, b"Content-Type: application/json\r\n"), b'{"n": %d}' % n),
]


def payload(n):
    return KINDS[n % len(KINDS)](n)[1]


class Site(socketserver.StreamRequestHandler):
    def handle(self):
        target = self.rfile.readline().split(b" ")[1:2]
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        number = target[0].lstrip(b"/").split(b"?")[0] if target else b""
        if number.isdigit():
            self.wfile.write(KINDS[int(number) % len(KINDS)](int(number))[0])
        else:
            self.wfile.write(plain(b"", status=b"404 Not Found"))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


if __name__ == "__main__":
    server = Server(("127.0.0.1", 0), Site)
    print(server.server_address[1], flush=True)
    server.serve_forever()
