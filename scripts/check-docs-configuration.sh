#!/usr/bin/env bash
# Fails when the table in docs/configuration.md is not what `toolhost config` prints, or .env.example names a key that
# is not in it. With UPDATE_GOLDEN=1 it rewrites the table instead.
# Usage: scripts/check-docs-configuration.sh [TOOLHOST]     (default: .build/release/toolhost)
set -euo pipefail

toolhost=$(realpath "${1:-$(dirname "$0")/../.build/release/toolhost}")
cd "$(dirname "$0")/.."
document=docs/configuration.md
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$toolhost" config >"$work/table"
awk -v table="$work/table" '
    /^<!-- toolhost config: begin -->$/ { print; while ((getline line <table) > 0) print line; inside = 1; found++ }
    /^<!-- toolhost config: end -->$/ { inside = 0; found++ }
    !inside { print }
    END { exit found != 2 }
' "$document" >"$work/document" || {
    echo "❌ $document: the lines between which the table stands are gone" >&2
    exit 1
}
if [ "${UPDATE_GOLDEN:-}" = 1 ]; then
    cat "$work/document" >"$document"
elif ! diff -u --label "$document" --label "toolhost config" "$document" "$work/document"; then
    echo "❌ $document: the table of keys is old; UPDATE_GOLDEN=1 $0 rewrites it" >&2
    exit 1
fi

# shellcheck disable=SC2016 # the backquotes are Markdown's
keys=$(sed -nE 's/^\| `([A-Z0-9_]+)`.*/\1/p' "$work/table")
while IFS= read -r key; do
    # One that a pack asks for, as the four packs do for their store's folder, is in their code.
    if ! grep -qx "$key" <<<"$keys" && ! grep -rqF "environment: \"$key\"" Sources/Storefront Plugins; then
        echo "❌ .env.example: there is no key $key" >&2
        exit 1
    fi
done < <(sed -nE 's/^#? ?([A-Z][A-Z0-9_]*)=.*/\1/p' .env.example)
echo "docs: the table of $(wc -l <<<"$keys") keys is what toolhost config prints"
