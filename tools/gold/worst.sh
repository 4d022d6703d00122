#!/bin/sh
# Writes crates/selon-eval/quality/worst-times-places.md: twenty of the worst cases of times and places of each set, by class.
#
# Usage: tools/gold/worst.sh DATA      (the folder of all gold data; SELON_EVAL names a built selon-eval)
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
    sed -n '2,4p' "$0" | sed 's/^# \{0,1\}//' >&2
    exit 2
fi
eval=${SELON_EVAL:-$top/target/release/selon-eval}
[ -x "$eval" ] || (cd "$top" && cargo build --quiet --release --locked -p selon-eval)
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
set -- "$1" times/fr-timebank times/meantime-en times/krauts-de times/hourglass-es times/wikiwars-ua \
    times/recognizers-specs times/duckling-phrases times/conflict-articles places/tr-news places/geowebnews \
    places/geovirus places/hipe2020-fr places/newseye-fr places/conflict-articles
data=$1
shift
files=
for set in "$@"; do
    task=${set%/*}
    folder=$data/${task%s}/${set#*/}
    [ "$task" = times ] || folder=$data/$set
    # Our own gold names its texts itself, anywhere in the folder.
    [ "${set#*/}" != conflict-articles ] || folder=$data
    file=$out/$task-${set#*/}.json
    "$eval" "$task" "$folder" --worst 3000 --json "$file" >/dev/null
    files="$files $file"
done
# shellcheck disable=SC2086
python3 "$top/tools/gold/worst.py" $files >"$top/crates/selon-eval/quality/worst-times-places.md"
