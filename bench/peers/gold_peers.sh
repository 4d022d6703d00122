#!/bin/sh
# Reads the pages of cases/gold, whose bodies are marked, with Selon and with three Python libraries, and
# prints precision, recall and F1 in words of each. The libraries run in an environment of their
# own, which is made on first use.
#
# Usage: bench/peers/gold_peers.sh DATA      (the folder of all gold data; default ../shared/data)
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
data=${1:-$top/../shared/data}
if [ $# -gt 1 ] || [ ! -d "$data" ]; then
    sed -n '2,6p' "$0" | sed 's/^# \{0,1\}//' >&2
    exit 2
fi
data=$(cd "$data" && pwd)
venv=${SELON_PEERS:-$top/target/peers}/gold
if ! "$venv/bin/python" -c "import resiliparse" 2>/dev/null; then
    python3 -m venv "$venv"
    # One after the other: older pips fail on two packages that want the same extra of lxml.
    for package in 'lxml_html_clean==0.4.6' 'html5lib==1.1' 'trafilatura==2.3.1' \
        'readability-lxml==0.9' 'resiliparse==2.0.1'; do
        "$venv/bin/pip" install --quiet "$package"
    done
fi
cd "$top"
cargo build --quiet --release --locked -p selon-eval
echo "selon"
target/release/selon-eval extraction "$data"
"$venv/bin/python" bench/peers/gold_peers.py "$data"
