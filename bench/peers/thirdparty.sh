#!/bin/sh
# Captures of a hostile site of this machine, held against every tool of the field: warcio, FastWARC,
# cdxj-indexer, py-wacz, pywb, openssl, rfc3161-client (in a Python environment of its own), and Go's
# checksum-database code (Debian: golang-go, golang-golang-x-mod-dev).
#
# Usage: bench/peers/thirdparty.sh [SELON] [CAPTURES]      (default target/release/selon, 1000)
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
selon=$(realpath "${1:-$top/target/release/selon}")
venv=${SELON_PEERS:-$top/target/peers}/thirdparty
if [ ! -x "$venv/bin/wayback" ] || [ ! -x "$venv/bin/wacz" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'pywb==2.10.0' 'setuptools<81' 'warcio==1.8.1' 'fastwarc==2.0.1' \
        'wacz==0.6.0' 'cdxj-indexer==1.5.0' 'rfc3161-client==1.0.9'
fi
command -v go > /dev/null || { echo "thirdparty: Go is missing; on Debian: apt-get install golang-go golang-golang-x-mod-dev" >&2; exit 1; }
exec "$venv/bin/python" "$top/bench/peers/thirdparty.py" "$selon" "${2:-1000}"
