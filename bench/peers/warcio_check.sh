#!/bin/sh
# Holds the WARC and WACZ files that Selon writes against other implementations (warcio, py-wacz,
# cdxj-indexer), in a Python environment of its own. With arguments: checks those WARC files.
# Without: runs the tests that write archives, which call them on every file when they find them.
#
# Usage: bench/peers/warcio_check.sh [FILE.warc.gz …]
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
venv=${SELON_PEERS:-$top/target/peers}/warcio
if [ ! -x "$venv/bin/wacz" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'warcio==1.8.1' 'wacz==0.6.0' 'cdxj-indexer==1.5.0'
fi
if [ $# -gt 0 ]; then
    exec "$venv/bin/warcio" check -v "$@"
fi
cd "$top"
export SELON_WARCIO="$venv/bin/warcio" SELON_WACZ="$venv/bin/wacz" SELON_CDXJ_INDEXER="$venv/bin/cdxj-indexer"
exec cargo test -p selon-capture --test outside -- --nocapture
