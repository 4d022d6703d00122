#!/bin/sh
# Fetches a small site of this machine with Selon, stops the site, and opens what was kept in
# pywb, in a Python environment of its own: every page, picture and style sheet must come out as
# it was served, also a chunked one, also where the last capture is a revisit. warcio and fastwarc
# check the same files.
#
# Usage: bench/peers/pywb_replay.sh [SELON]      (default target/release/selon)
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
selon=$(realpath "${1:-$top/target/release/selon}")
venv=${SELON_PEERS:-$top/target/peers}/pywb
if [ ! -x "$venv/bin/wayback" ] || [ ! -x "$venv/bin/fastwarc" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'pywb==2.10.0' 'setuptools<81' 'warcio==1.8.1' 'fastwarc==2.0.1'
fi
work=$(mktemp -d)
site= wayback=
stop() {
    [ -z "$site" ] || kill "$site" 2>/dev/null || true
    [ -z "$wayback" ] || kill "$wayback" 2>/dev/null || true
    rm -rf "$work"
}
trap stop EXIT
cd "$work"
python3 "$top/bench/peers/pywb_site.py" serve > port & site=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -s port ] && break; sleep 0.5; done
address=127.0.0.1:$(cat port)
export HOME="$work" SELON_KEYS="$work/keys" SELON_ARCHIVE="$work/archive"
for _ in first again; do
    "$selon" add --delay 0 --allow "$address" "http://$address/old" "http://$address/coded"
done
kill "$site"; site=
"$selon" verify "$work/archive"
warcs=$(find "$work/archive/warc" -name '*.warc.gz')
for warc in $warcs; do
    "$venv/bin/warcio" check -v "$warc" > warcio.txt || { cat warcio.txt; exit 1; }
    "$venv/bin/fastwarc" check "$warc"
done
echo "warcio check, fastwarc check: exit status 0"
"$venv/bin/wb-manager" init t > /dev/null 2>&1
"$venv/bin/wb-manager" add t $warcs > /dev/null 2>&1
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$venv/bin/wayback" -b 127.0.0.1 -p "$port" > wayback.log 2>&1 & wayback=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    python3 -c "import urllib.request; urllib.request.urlopen('http://127.0.0.1:$port/', timeout=2)" 2>/dev/null && break
    sleep 1
done
python3 "$top/bench/peers/pywb_site.py" compare "http://127.0.0.1:$port/t" "http://$address"
