#!/usr/bin/env bash
# Counts the instructions and the allocations of one call of search_products over HTTP, with a token and the log on,
# over MCP too, with its pack in a process of its own, and beside 1,000 and 10,000 other tools. They hardly differ from
# run to run, unlike times, so they are what tells whether a change made the way of a call longer. Prints one JSON
# object a line. Needs valgrind, gcc, jq, python3 and `make build`.
# Usage: Benchmarks/instructions-per-call.sh [--check]
#   --check: a minute; one count only, and failure beyond what instructions-per-call.json allows
# shellcheck disable=SC2016 # what looks like variables in single quotes is jq's
set -euo pipefail
cd "$(dirname "$0")/.."

calls=1000
work=$(mktemp -d)
host=
trap '[ -z "$host" ] || kill "$host" 2>/dev/null; wait; rm -rf "$work"' EXIT

# Without debug information, which not every version of valgrind can read.
strip --strip-debug -o "$work/toolhost" .build/release/toolhost
gcc -std=c11 -Wall -Wextra -Werror -O1 -shared -fPIC -o "$work/slow_clock.so" Benchmarks/slow_clock.c

# Leaves what a call costs beside COUNT other tools in $work/COUNT-ISOLATION-PROTOCOL.json, and what it costs in the
# pack's process in $work/COUNT-ISOLATION-PROTOCOL-runner.json.
# Usage: measure COUNT host|process PROTOCOL...
measure() {
    local count=$1 isolation=$2 packs=$work/packs-$1-$2 log=$work/host-$1-$2.log profile=$work/profile-$1-$2
    local rest id url client token protocol host_was runner="" dumps=0
    shift 2
    mkdir "$packs"
    # As in plugins.d, but for the names of functions, by which the profile tells host, SDK and tool apart.
    strip --strip-debug -o "$packs/catalog.so" .build/release/libCatalog.so
    chmod 0755 "$packs/catalog.so"
    for ((rest = count; rest > 0; rest -= 1000)); do # a pack has at most 1,000 tools
        id=many$rest
        gcc -std=c99 -O1 -fPIC -shared -fvisibility=default -D_POSIX_C_SOURCE=200809L -ISources/ToolABI/include \
            -ITests/Fixtures/Packs -DTOOLS=$((rest < 1000 ? rest : 1000)) -DID="\"$id\"" \
            Benchmarks/packs/many.c -o "$packs/$id.so"
    done

    export STATE_DIR=$work/state PLUGINS_DIR=$packs MCP_SERVER_PORT=0 LOG_FORMAT=json PACK_ISOLATION=$isolation
    # A pack's process writes its profile, and valgrind asks for what no pack may have. A sandbox costs no instructions
    # of a call, and bounds are watched by the clock, which is slow here. What watches descriptors is counted all the
    # same, once a second: some 3,500 instructions of the host for each of these calls, which take a hundred times as
    # long as without valgrind.
    export PACK_SANDBOX=off PACK_MEMORY=none PACK_THREADS=none
    # A pack's process is started anew under valgrind, which takes its time.
    TOOL_START_TIMEOUT=45s LD_PRELOAD=$work/slow_clock.so valgrind --tool=callgrind --trace-children=yes \
        --callgrind-out-file="$profile.%p" --log-file="$work/valgrind.%p" "$work/toolhost" serve --no-welcome 2>"$log" &
    host=$!
    until grep -qs '"message":"listening"' "$log"; do
        kill -0 "$host" 2>/dev/null || { cat "$work/valgrind.$host" "$log" >&2; exit 1; }
        sleep 0.1
    done
    url=$(jq -r 'select(.message == "listening").public_url' "$log")
    client=$(jq -r '.client_id + ":" + .client_secret' "$STATE_DIR/auth/client.json")
    token=$(curl -fsS "$url/oauth2/token" -d grant_type=client_credentials -u "$client" | jq -r .access_token)

    [ "$isolation" = host ] || runner=$(pgrep -P "$host")
    # The first calls run on workers and fill caches; what counts is what comes after the first profile is written.
    for protocol; do
        python3 Benchmarks/instructions_per_call.py call "$protocol" "$url" "$token" 200
        # shellcheck disable=SC2086 # there may be no runner
        callgrind_control --dump "$host" $runner >/dev/null 2>&1
        python3 Benchmarks/instructions_per_call.py call "$protocol" "$url" "$token" "$calls"
        # shellcheck disable=SC2086
        callgrind_control --dump "$host" $runner >/dev/null 2>&1
    done
    kill "$host"
    wait "$host" 2>/dev/null || true
    host_was=$host
    host=
    if grep -q 'runs on the workers from now on' "$log"; then
        echo "The tool was found too slow for the event loop; this measures another way of calling it." >&2
        exit 1
    fi
    for protocol; do
        dumps=$((dumps + 2))
        python3 Benchmarks/instructions_per_call.py read "$profile.$host_was.$dumps" "$calls" \
            >"$work/$count-$isolation-$protocol.json"
        [ -z "$runner" ] || python3 Benchmarks/instructions_per_call.py read "$profile.$runner.$dumps" "$calls" \
            >"$work/$count-$isolation-$protocol-runner.json"
    done
}

row() { jq --compact-output --null-input --slurpfile few "$work/0-host-rest.json" \
    --slurpfile mcp "$work/0-host-mcp.json" --slurpfile apart "$work/0-process-rest.json" \
    --slurpfile runner "$work/0-process-rest-runner.json" "$@"; }

measure 0 host rest mcp
measure 0 process rest
row '$few[0] | {name: "instructions of a call", value: .instructions_per_call, unit: "",
    detail: (.instructions_by_file | to_entries | map("\(.key) \(.value)") | join(", "))}'
row '$few[0] | {name: "allocations of a call", value: .allocations_per_call, unit: ""}'
row '$mcp[0] | {name: "instructions of an MCP call", value: .instructions_per_call, unit: "",
    detail: "\(.instructions_per_call - $few[0].instructions_per_call) above REST, \(.allocations_per_call) allocations"}'
row '$apart[0] | {name: "instructions of a call, its pack in a process of its own",
    value: (.instructions_per_call + $runner[0].instructions_per_call), unit: "",
    detail: "host \(.instructions_per_call), runner \($runner[0].instructions_per_call)"}'
row '$few[0].crossing | {name: "of an inline call above the tool\u0027s own work", value: (.host + .sdk), unit: "",
    goal: "<= 500", detail: "host \(.host), SDK \(.sdk); a pack in C has the host\u0027s part alone"}'

if [ "${1:-}" = --check ]; then
    row --slurpfile limits Benchmarks/instructions-per-call.json '
        ($few[0] + {mcp_above_rest: ($mcp[0].instructions_per_call - $few[0].instructions_per_call),
            inline_call_above_tool: ($few[0].crossing.host + $few[0].crossing.sdk),
            isolated_host: $apart[0].instructions_per_call, isolated_runner: $runner[0].instructions_per_call})
            as $found
        | [$limits[0] | to_entries[] | select(.value < $found[.key]) | "\(.key) > \(.value)"]
        | if length == 0 then empty else "more than allowed: \(join(", "))\n" | halt_error(1) end'
    exit
fi
for count in 10 1000 10000; do measure "$count" host rest; done
row --slurpfile ten "$work/10-host-rest.json" --slurpfile more "$work/1000-host-rest.json" \
    --slurpfile most "$work/10000-host-rest.json" '
    [$ten[0], $more[0], $most[0]] | map(.instructions_per_call)
    | {name: "instructions of a call by number of tools", value: ((max / min * 1000 | round) / 1000), unit: "x",
       goal: "<= 1.05", detail: "10, 1,000 and 10,000 others: \(map(tostring) | join(", "))"}'
