#!/usr/bin/env bash
# Fails when a README or a document points to a file or a heading that is not there. Links to other places are not
# followed.
set -euo pipefail
cd "$(dirname "$0")/.."

# The fragment that a heading gets: lower case, without punctuation, hyphens for spaces.
anchors() {
    awk '/^ *```/ { code = !code } !code && /^#+ / { sub(/^#+ /, ""); print }' "$1" |
        tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g' |
        awk '{ n = seen[$0]++; print n ? $0 "-" n : $0 }'
}

links=0
failed=0
for document in README.md docs/*.md plugins.d/README.md; do
    while IFS= read -r link; do
        links=$((links + 1))
        path=${link%%#*}
        target=$document
        if [ -n "$path" ]; then target=$(dirname "$document")/$path; fi
        if [ ! -e "$target" ]; then
            echo "❌ $document: $link is not there" >&2
            failed=1
        elif [[ $link == *'#'* ]] && ! anchors "$target" | grep -qxF -- "${link#*#}"; then
            echo "❌ $document: $link: there is no such heading" >&2
            failed=1
        fi
    done < <(awk '/^ *```/ { code = !code } !code' "$document" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(//; s/\)$//' |
        grep -vE '^[a-z]+:' || true)
done
echo "docs: $links links followed"
exit $failed
