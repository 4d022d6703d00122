#!/bin/sh
# Holds the WARC files that Selon writes against warcio, another implementation, in a Python
# environment of its own. With arguments: checks those files. Without: runs the tests that write
# archives, which call `warcio check` on every file when they find it.
#
# Usage: bench/peers/warcio_check.sh [FILE.warc.gz …]
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
venv=${SELON_PEERS:-$top/target/peers}/warcio
if [ ! -x "$venv/bin/warcio" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'warcio==1.8.1'
fi
if [ $# -gt 0 ]; then
    exec "$venv/bin/warcio" check -v "$@"
fi
cd "$top"
SELON_WARCIO=$venv/bin/warcio exec cargo test -p selon-capture --test outside -- --nocapture
