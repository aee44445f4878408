#!/usr/bin/env bash
# What is too long for every change: all of `make test` with larger counts and the importers of OpenAPI documents that
# people use, the unit tests with AddressSanitizer, both sides of the memory that host and runner share with
# ThreadSanitizer, and fuzzing.
# `make test-long` calls it once the release build is there.
# Usage: [TEST_ROUNDS=5] [TEST_KILLS=10000] [TEST_SCRIBBLING=60] [RACE_CALLS=5000] [FUZZ_SECONDS=600]
#     scripts/test-long.sh
set -euo pipefail
cd "$(dirname "$0")/.."

# How often what depends on chance is tried; how many processes of packs are killed; for how many seconds one writes
# nonsense to the memory that it shares with the host.
export TEST_ROUNDS=${TEST_ROUNDS:-5} TEST_KILLS=${TEST_KILLS:-10000} TEST_SCRIBBLING=${TEST_SCRIBBLING:-60}
# How a pack in Go ends is looked at where there is a compiler for it (golang-go).
TOOLHOST_GO=$(command -v go || true)
export TOOLHOST_GO
export TOOLHOST_PYTHON_IMPORTERS TOOLHOST_PYTHON_IMPORTERS_MCP1
TOOLHOST_PYTHON_IMPORTERS=$(scripts/python-tools.sh importers)
TOOLHOST_PYTHON_IMPORTERS_MCP1=$(scripts/python-tools.sh importers-mcp1)
scripts/test.sh

printf '\n== Unit tests with AddressSanitizer (%d s)\n' "$SECONDS"
for key in JSON_SCHEMA_SUITE:json-schema-suite JSON_SCHEMA_PAIRS:json-schema-pairs.jsonl INTEROP_TOKENS:interop-tokens.json; do
    export "${key%%:*}=$PWD/.build/${key#*:}"
done
export TOOLHOST_PYTHON TOOLHOST_ROOT=$PWD
TOOLHOST_PYTHON=$(scripts/python-tools.sh)
# What packs and the host keep until the process ends is no leak.
ASAN_OPTIONS=detect_leaks=0 swift test --scratch-path .build/asan --sanitize address --disable-xctest --skip EndToEndTests |
    sed --unbuffered '/^◇ Test .*started\.$/d'

# Of the rest ThreadSanitizer is kept away: it does not know the lock in Swift's Mutex, and reports what that protects.
printf '\n== Shared memory with ThreadSanitizer (%d s)\n' "$SECONDS"
TOOLHOST_WORKSHOP=1 swift build --quiet --scratch-path .build/tsan --sanitize thread --product LaneRaces
.build/tsan/debug/LaneRaces "${RACE_CALLS:-5000}"

printf '\n== Fuzzing (%d s)\n' "$SECONDS"
scripts/fuzz.sh "${FUZZ_SECONDS:-600}"
