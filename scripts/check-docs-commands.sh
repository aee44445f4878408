#!/usr/bin/env bash
# Runs the commands of the documents: every ```bash block of a document, in order and in one shell, in a folder of its
# own and against a host that this script starts there on a free port. A block after the line <!-- prints --> must be
# what the bash block before it printed; … in it stands for anything.
# Usage: scripts/check-docs-commands.sh [TOOLHOST [PACKS]]     (default: .build/release/toolhost plugins.d)
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
toolhost=$(realpath "${1:-.build/release/toolhost}")
packs=$(realpath "${2:-plugins.d}")
work=$(mktemp -d)
host=
failed=0

stop_host() {
    if [ -n "$host" ] && kill "$host" 2>/dev/null; then wait "$host" || true; fi
    host=
}
trap 'stop_host; rm -rf "$work"' EXIT

# The folder that a reader would be in: the packs are copies, because some commands change files beside them.
prepare() { # FOLDER
    umask 022
    mkdir -p "$1/.build/release" "$1/plugins.d"
    chmod go-w "$1/plugins.d"
    ln -s "$toolhost" "$1/.build/release/toolhost"
    ln -s "$root"/{test-chatgpt-endpoints.sh,docs,README.md} "$1"
    # Those of this repository only: whoever followed the documents has packs of their own beside them.
    cp "$packs"/{cart,catalog,checkout,deals}.so "$root"/Plugins/*/*.yaml "$1/plugins.d"
}

clean() { # COMMAND...: without what this shell happens to know about another host
    env -i PATH="$PATH" HOME="$HOME" LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}" LANG=C.UTF-8 "$@"
}

# Leaves the base URL in $base. The host chooses the port and tells it in its log.
start_host() { # FOLDER
    local line port=
    exec {log}< <(cd "$1" && exec env -i PATH="$PATH" HOME="$HOME" LD_LIBRARY_PATH="${LD_LIBRARY_PATH:-}" \
        MCP_SERVER_PORT=0 "$toolhost" serve 2>&1)
    host=$!
    while IFS= read -r -t 120 -u "$log" line; do
        echo "$line" >>"$1.log"
        if [[ $line == *'"message":"listening"'* ]]; then
            port=$(jq -r .port <<<"$line")
            break
        fi
    done
    if [ -z "$port" ]; then
        echo "❌ docs: the host did not start:" >&2
        cat "$1.log" >&2
        exit 1
    fi
    cat <&"$log" >>"$1.log" &
    base=http://127.0.0.1:$port
}

# Writes the blocks of a document to FOLDER.N.sh and what they must print to FOLDER.N.expected.
extract() { # DOCUMENT FOLDER
    awk -v to="$2" '
        /^ *<!-- prints -->$/ { prints = 1; next }
        /^ *```/ && out != "" { out = ""; next }
        /^ *```/ && other { other = 0; next }
        /^ *```bash$/ { indent = index($0, "`") - 1; out = sprintf("%s.%03d.sh", to, ++count); printf "" >out; next }
        /^ *```/ && prints { indent = index($0, "`") - 1; out = sprintf("%s.%03d.expected", to, count); prints = 0; next }
        /^ *```/ { other = 1; next }
        out != "" { print substr($0, indent + 1) >out }
    ' "$1"
}

# All blocks of a document as one script, each with its output in a file of its own.
assemble() { # FOLDER
    local block number
    echo 'set -euo pipefail'
    # shellcheck disable=SC2016
    echo 'trap '\''status=$?; ((status == 0)) || echo "$block" >&3'\'' EXIT; exec 3>&1'
    for block in "$1".*.sh; do
        number=${block%.sh}
        printf 'block=%q; exec >%q 2>&1\n' "${number##*.}" "$number.printed"
        sed -E -e "s#http://(localhost|127\.0\.0\.1):3001#$base#g" \
            -e "s#^(\./test-chatgpt-endpoints\.sh( --tools)?)\$#\1 $base#" "$block"
        echo
    done
}

check() { # DOCUMENT
    local folder number expected printed pattern blocks compared=0
    folder=$work/$(basename "$1" .md)
    prepare "$folder"
    extract "$1" "$folder"
    start_host "$folder"
    assemble "$folder" >"$folder.all"
    if ! number=$(cd "$folder" && clean bash "$folder.all"); then
        echo "❌ $1: a command failed. Block $number:" >&2
        cat "$folder.$number.sh" >&2
        echo "--- printed:" >&2
        cat "$folder.$number.printed" >&2
        failed=1
    fi
    stop_host
    for expected in "$folder".*.expected; do
        [ -e "$expected" ] || continue
        printed=${expected%.expected}.printed
        if ! [ -e "$printed" ]; then
            if ((failed == 0)); then echo "❌ $1: what is said to be printed follows no command" >&2; fi
            failed=1
            continue
        fi
        compared=$((compared + 1))
        sed -i "s#$base#http://127.0.0.1:3001#g" "$printed"
        pattern=$(sed -e 's/[][\\*?]/\\&/g' -e 's/…/*/g' "$expected")
        # shellcheck disable=SC2053
        if [[ $(cat "$printed") != $pattern ]]; then
            echo "❌ $1: a command prints something else than the document says" >&2
            diff -u --label document --label printed "$expected" "$printed" >&2 || true
            failed=1
        fi
    done
    blocks=("$folder".*.sh)
    printf 'docs: %-28s %2d blocks run, %d outputs compared\n' "$1" "${#blocks[@]}" "$compared"
}

documents=()
for document in README.md docs/*.md; do
    if grep -q '^ *```bash$' "$document"; then documents+=("$document"); fi
done
if ((${#documents[@]} == 0)); then
    echo "❌ docs: no document has a command to run" >&2
    exit 1
fi
for document in "${documents[@]}"; do check "$document"; done
exit $failed
