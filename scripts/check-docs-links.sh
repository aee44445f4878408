#!/usr/bin/env bash
# Fails when a README or a document points to a file or a heading that is not there, or names a script or a file of
# Swift in backquotes that is not. Links to other places are not followed.
set -euo pipefail
cd "$(dirname "$0")/.."

# The fragment that a heading gets: lower case, without punctuation, hyphens for spaces.
anchors() {
    awk '/^ *```/ { code = !code } !code && /^#+ / { sub(/^#+ /, ""); print }' "$1" |
        tr '[:upper:]' '[:lower:]' | sed -E 's/[^a-z0-9 _-]//g; s/ /-/g' |
        awk '{ n = seen[$0]++; print n ? $0 "-" n : $0 }'
}

# A document without its blocks of code.
prose() { awk '/^ *```/ { code = !code } !code' "$1"; }

# The scripts and files of Swift that a document names in backquotes, alone or in a command.
named_files() {
    # shellcheck disable=SC2016 # the backquotes are Markdown's
    prose "$1" | grep -oE '`[^`]+`' | sed 's/`//g' | tr ' ' '\n' | grep -E '^[^=]+\.(swift|sh|py)$' || true
}

# Where their paths begin; those in the guide for packs begin in the package that it builds. NAME stands for any.
roots=(. Sources/Host Sources Tests/Fixtures/External/SwiftPack)
is_there() {
    local root
    for root in "${roots[@]}"; do
        if compgen -G "$root/${1//NAME/*}" >/dev/null; then return; fi
    done
    return 1
}

links=0
names=0
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
    done < <(prose "$document" | grep -oE '\]\([^)]+\)' | sed -E 's/^\]\(//; s/\)$//' | grep -vE '^[a-z]+:' || true)
    while IFS= read -r path; do
        names=$((names + 1))
        if ! is_there "$path"; then
            echo "❌ $document: \`$path\` is not there" >&2
            failed=1
        fi
    done < <(named_files "$document")
done
echo "docs: $links links followed, $names names of files looked up"
exit $failed
