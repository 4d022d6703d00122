#!/usr/bin/env bash
# The main job on the examples: read one in the terminal, keep all, show what disagrees,
# verify, write the pages. Usage: bench/demo.sh SELON FOLDER
set -euo pipefail

selon=$1
demo=$2
export SELON_KEYS="$PWD/$demo/keys"
mkdir -p "$demo"

say() { printf '\n── %s\n' "$*"; }
run() { printf '$ %s\n' "selon $*"; "$selon" "$@"; }

say "One report: what it says, and who says so"
run read examples/15-copied-text.fr.txt

say "All of them, kept as evidence"
rm -rf "$demo/archive"
run add --archive "$demo/archive" examples/*.html examples/*.txt examples/*.jsonl

say "The stories they tell"
run stories --archive "$demo/archive"

say "Figures that disagree"
run figures --archive "$demo/archive"

say "Every stored byte, checked"
run verify "$demo/archive"

say "The same as pages, without a script"
run site "$demo" --archive "$demo/archive"

printf '\nOpen %s/%s/index.html in a browser; make desk opens the desk.\n' "$PWD" "$demo"
printf 'To go on with this archive in a terminal:\n  export PATH="%s:$PATH" SELON_ARCHIVE=%s SELON_KEYS=%s\n' \
    "$PWD/$(dirname "$selon")" "$PWD/$demo/archive" "$PWD/$demo/keys"
