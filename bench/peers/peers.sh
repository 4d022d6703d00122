#!/bin/sh
# Reads the pages of the gold sets with Selon and with other page readers, one after the other on
# one core, scores all with one scorer, and prints tables for docs/speed.md: pages a second on
# scrapinghub-aeb by CPU time, F1 of bodies, exact days of publication, sentences a second. Python
# libraries run in an environment of their own, Rust crates in a project of their own; both are
# made on first use.
#
# Usage: bench/peers/peers.sh [DATA]      (the folder of all gold data; default ../shared/data)
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
data=${1:-$top/../shared/data}
if [ $# -gt 1 ] || [ ! -d "$data" ]; then
    sed -n '2,9p' "$0" | sed 's/^# \{0,1\}//' >&2
    exit 2
fi
data=$(cd "$data" && pwd)
made=${SELON_PEERS:-$top/target/peers}
venv=$made/pages
if [ ! -x "$venv/bin/trafilatura" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'trafilatura==2.3.1' 'lxml_html_clean==0.4.6' 'htmldate==1.11.0' \
        'text2num==3.1.0'
fi
cd "$top"
cargo build --quiet --release --locked -p selon-eval
cargo build --quiet --release --locked --manifest-path bench/peers/rust/Cargo.toml --target-dir "$made/rust"
eval=target/release/selon-eval
out=$made/read
rm -rf "$out"
mkdir -p "$out"

# peer NAME PAGES [speed]: what it read, or how fast
peer() {
    case $1 in
    trafilatura_rs) "$made/rust/release/peers" trafilatura "$2" ${3:-} ;;
    trafilatura_rs_fast) "$made/rust/release/peers" trafilatura_fast "$2" ${3:-} ;;
    dom_smoothie) "$made/rust/release/peers" dom_smoothie "$2" ${3:-} ;;
    trafilatura_py) "$venv/bin/python" bench/peers/read_pages.py trafilatura "$2" ${3:-} ;;
    htmldate) "$venv/bin/python" bench/peers/read_pages.py htmldate "$2" ${3:-} ;;
    esac
}

for set in extraction/scrapinghub-aeb extraction/aft-news-2023 extraction/wcxb-articles pages/fundus \
    extraction/daniel-multilingual extraction/adbar-dates-segments gold; do
    folder=$data/$set
    [ "$set" = gold ] && folder=$data
    [ -d "$folder" ] || continue
    echo "$set" >&2
    here=$out/$(basename "$set")
    mkdir -p "$here"
    "$eval" pages "$folder" > "$here/pages.jsonl"
    tasks=extraction
    case $set in */adbar* | */fundus | */aft*) tasks="extraction dates" ;; esac
    for name in selon trafilatura_rs trafilatura_rs_fast dom_smoothie trafilatura_py htmldate; do
        : > "$here/$name.scores"
        if [ "$name" != selon ]; then
            peer "$name" "$here/pages.jsonl" > "$here/$name.jsonl" 2> "$here/$name.log"
        fi
        for task in $tasks; do
            [ "$name $task" = "htmldate extraction" ] && continue
            given=
            [ "$name" = selon ] || given="--peer $here/$name.jsonl"
            "$eval" "$task" "$folder" $given --json "$here/scores" > /dev/null 2>&1
            cat "$here/scores" >> "$here/$name.scores"
        done
    done
done

echo "speed" >&2
pages=$out/scrapinghub-aeb/pages.jsonl
"$eval" speed "$data/extraction/scrapinghub-aeb" --json "$out/scores" > /dev/null
python3 - "$out/scores" > "$out/selon-speed.json" <<'END'
import json, sys
row = json.loads(open(sys.argv[1]).readline())
print(json.dumps({"pages": row["figures"]["layouts_per_second"], "seconds": 1}))
END
for name in trafilatura_rs trafilatura_rs_fast dom_smoothie trafilatura_py htmldate; do
    peer "$name" "$pages" speed > "$out/$name-speed.json" 2> "$out/$name.log"
done
"$venv/bin/python" bench/peers/read_numbers.py "$data/statements/pud-news" > "$out/numbers-speed.json"
mkdir -p "$out/pud-news"
"$eval" speed "$data/statements/pud-news" --json "$out/pud-news/selon.scores" > /dev/null
python3 bench/peers/table.py "$out"
