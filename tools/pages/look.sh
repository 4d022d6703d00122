#!/bin/sh
# Opens the desk on an archive and looks at all its pages in three languages.
# Usage: look.sh SELON ARCHIVE PICTURES
set -eu
here=$(cd "$(dirname "$0")" && pwd)
address=$(mktemp)
"$1" serve --port 0 --archive "$2" >"$address" &
desk=$!
trap 'kill $desk 2>/dev/null; rm -f "$address" "$address.said"' EXIT
while [ ! -s "$address" ]; do
    kill -0 "$desk" 2>/dev/null || exit 1
    sleep 0.1
done
base=$(cat "$address")
status=0
node "$here/check.mjs" "$3" "$base?ui=en" "$base?ui=fr" "$base?ui=ar" \
    "${base}search?q=flood&ui=en" "${base}search?q=%28a&ui=fr" "${base}search?ui=ar" "${base}nothing" \
    >"$address.said" || status=$?
sed "s|$base|/|g" "$address.said"
exit $status
