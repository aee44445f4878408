#!/usr/bin/env bash
# What is too long for every change: all of `make test` with larger counts and the importers of OpenAPI documents that
# people use, the unit tests with AddressSanitizer, and fuzzing.
# `make test-long` calls it once the release build is there.
# Usage: [TEST_ROUNDS=5] [FUZZ_SECONDS=300] scripts/test-long.sh
set -euo pipefail
cd "$(dirname "$0")/.."

export TEST_ROUNDS=${TEST_ROUNDS:-5}
export TOOLHOST_PYTHON_IMPORTERS TOOLHOST_PYTHON_IMPORTERS_MCP1
TOOLHOST_PYTHON_IMPORTERS=$(scripts/python-tools.sh importers)
TOOLHOST_PYTHON_IMPORTERS_MCP1=$(scripts/python-tools.sh importers-mcp1)
scripts/test.sh

# ThreadSanitizer is left out: it does not know the lock in Swift's Mutex, and reports what that protects.
printf '\n== Unit tests with AddressSanitizer (%d s)\n' "$SECONDS"
for key in JSON_SCHEMA_SUITE:json-schema-suite JSON_SCHEMA_PAIRS:json-schema-pairs.jsonl INTEROP_TOKENS:interop-tokens.json; do
    export "${key%%:*}=$PWD/.build/${key#*:}"
done
export TOOLHOST_PYTHON TOOLHOST_ROOT=$PWD
TOOLHOST_PYTHON=$(scripts/python-tools.sh)
# What packs and the host keep until the process ends is no leak.
ASAN_OPTIONS=detect_leaks=0 swift test --scratch-path .build/asan --sanitize address --disable-xctest --skip EndToEndTests |
    sed --unbuffered '/^◇ Test .*started\.$/d'

printf '\n== Fuzzing (%d s)\n' "$SECONDS"
scripts/fuzz.sh "${FUZZ_SECONDS:-300}"
