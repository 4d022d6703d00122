#!/bin/sh
# Reads the pages of a folder with Selon and with trafilatura, a Python library, one after the
# other on one core, and prints documents and megabytes a second of both, by CPU time; where the
# folder has gold bodies (ground-truth.json), also the F1 over shingles of four words of both.
# trafilatura runs in an environment of its own, which is made on first use.
#
# Usage: bench/peers/trafilatura_pages.sh FOLDER      (one laid out like scrapinghub-aeb)
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
    sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//' >&2
    exit 2
fi
folder=$(cd "$1" && pwd)
venv=${SELON_PEERS:-$top/target/peers}/trafilatura
if [ ! -x "$venv/bin/trafilatura" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'trafilatura==2.3.1' 'lxml_html_clean==0.4.3'
fi
cd "$top"
cargo build --quiet --release --locked -p selon-eval
echo "selon: text, fields, dates, posts, language, statements, figures, times, places"
target/release/selon-eval speed "$folder"
if [ -f "$folder/ground-truth.json" ]; then
    target/release/selon-eval extraction "$folder"
fi
echo "trafilatura: text, fields, dates"
"$venv/bin/python" bench/peers/trafilatura_pages.py "$folder"
