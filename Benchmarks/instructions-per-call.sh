#!/usr/bin/env bash
# Counts the instructions and the allocations of one call of search_products over HTTP, with a token and the log on, and
# prints them as JSON. They hardly differ from run to run, unlike times, so they are what tells whether a change made the
# way of a call longer. Valgrind's processor lacks the instructions for SHA-256: the token's digest counts some 20,000 more
# than it takes. Needs valgrind, gcc, jq, python3 and `make build`.
# Usage: Benchmarks/instructions-per-call.sh [--check]    --check: fail beyond what instructions-per-call.json allows
set -euo pipefail
cd "$(dirname "$0")/.."

calls=1000
limits=Benchmarks/instructions-per-call.json
work=$(mktemp -d)
host=
trap '[ -z "$host" ] || kill "$host" 2>/dev/null; wait; rm -rf "$work"' EXIT

# Without debug information, which this version of valgrind may not be able to read; with names.
strip --strip-debug -o "$work/toolhost" .build/release/toolhost
mkdir "$work/packs"
cp plugins.d/catalog.so "$work/packs/"
gcc -std=c11 -Wall -Wextra -Werror -O1 -shared -fPIC -o "$work/slow_clock.so" Benchmarks/slow_clock.c

export STATE_DIR=$work/state PLUGINS_DIR=$work/packs MCP_SERVER_PORT=0 LOG_FORMAT=json
LD_PRELOAD=$work/slow_clock.so valgrind --tool=callgrind --callgrind-out-file="$work/profile" --log-file="$work/valgrind" \
    "$work/toolhost" serve --no-welcome 2>"$work/host.log" &
host=$!

for _ in $(seq 1200); do
    if grep -q '"message":"listening"' "$work/host.log"; then break; fi
    kill -0 "$host" 2>/dev/null || { cat "$work/valgrind" "$work/host.log" >&2; exit 1; }
    sleep 0.1
done
url=$(jq -r 'select(.message == "listening").public_url' "$work/host.log")
client=$(jq -r '.client_id + ":" + .client_secret' "$STATE_DIR/auth/client.json")
token=$(curl -fsS "$url/oauth2/token" -d grant_type=client_credentials -u "$client" | jq -r .access_token)

# The first calls run on workers and fill caches; what counts is what comes after the first profile is written.
python3 Benchmarks/instructions_per_call.py call "$url" "$token" 200
callgrind_control --dump "$host" >/dev/null 2>&1
python3 Benchmarks/instructions_per_call.py call "$url" "$token" "$calls"
callgrind_control --dump "$host" >/dev/null 2>&1
if grep -q 'runs on the workers from now on' "$work/host.log"; then
    echo "The tool was found too slow for the event loop; this measures another way of calling it." >&2
    exit 1
fi
python3 Benchmarks/instructions_per_call.py read "$work/profile.2" "$calls" >"$work/result.json"
cat "$work/result.json"

if [ "${1:-}" = --check ]; then
    jq --exit-status --slurpfile limits "$limits" '
        [$limits[0] | to_entries[] | select(.value < $result[0][.key])]
        | if length == 0 then true else "more than allowed: \(map("\(.key) > \(.value)") | join(", "))" | halt_error(1) end
    ' --null-input --slurpfile result "$work/result.json" >/dev/null
fi
