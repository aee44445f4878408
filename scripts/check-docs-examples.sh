#!/usr/bin/env bash
# Fails when a listing in docs/ differs from the file that it claims to be: a fenced block preceded by
# <!-- file: path/in/this/repository --> must equal that file.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
listings=0
for document in docs/*.md; do
    rm -f "$work"/*
    awk -v work="$work" '
        /^<!-- file: .* -->$/ { path = substr($0, 12, length($0) - 15); next }
        /^```/ && inside { inside = 0; path = ""; next }
        /^```/ && path != "" {
            inside = 1
            out = sprintf("%s/%03d", work, ++count)
            print path >(out ".path")
            printf "" >(out ".text")
            next
        }
        inside { print >(out ".text") }
        !inside && NF { path = "" }
    ' "$document"
    for name in "$work"/*.path; do
        [ -e "$name" ] || continue
        listings=$((listings + 1))
        path=$(cat "$name")
        if ! diff -u --label "$path" --label "$document" "$path" "${name%.path}.text"; then failed=1; fi
    done
done
if ((listings == 0)); then
    echo "❌ docs: no listing was found to compare" >&2
    failed=1
fi
echo "docs: $listings listings compared with their files"
exit $failed
