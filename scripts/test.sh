#!/usr/bin/env bash
# Everything that must hold, the cheap parts first. What depends on chance is tried TEST_ROUNDS times as often as usual.
# `make test` calls it once the release build is there, because the end-to-end tests drive that build; the unit tests
# need a debug build of their own (@testable).
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s (%d s)\n' "$*" "$SECONDS"; }

step Format and header
scripts/check-format.sh
scripts/check-header.sh

step Symbols and sizes of the packs
scripts/check-symbols.sh 9 plugins.d/{catalog,cart,checkout,deals}.so

step Fixtures
scripts/build-fixtures.sh .build/fixtures

step Python tools
export TOOLHOST_PYTHON TOOLHOST_PYTHON_MCP1 JSON_SCHEMA_SUITE JSON_SCHEMA_PAIRS INTEROP_TOKENS
TOOLHOST_PYTHON=$(scripts/python-tools.sh)
TOOLHOST_PYTHON_MCP1=$(scripts/python-tools.sh mcp1)
PATH=$(dirname "$TOOLHOST_PYTHON"):$PATH
JSON_SCHEMA_SUITE=$PWD/.build/json-schema-suite
scripts/json-schema-suite.sh "$JSON_SCHEMA_SUITE"
JSON_SCHEMA_PAIRS=$PWD/.build/json-schema-pairs.jsonl
python scripts/json_schema_pairs.py "$JSON_SCHEMA_PAIRS"
INTEROP_TOKENS=$PWD/.build/interop-tokens.json
python scripts/interop_tokens.py sign "$INTEROP_TOKENS"

step Packs built outside this repository
export TOOLHOST_EXTERNAL_PACKS=$PWD/.build/external/packs
scripts/build-external-packs.sh "$TOOLHOST_EXTERNAL_PACKS" .build/external/work
scripts/check-symbols.sh 9 "$TOOLHOST_EXTERNAL_PACKS"/*.so

step Instructions of a call
Benchmarks/instructions-per-call.sh --check

step Documents
scripts/check-docs-links.sh
scripts/check-docs-examples.sh
scripts/check-docs-configuration.sh .build/release/toolhost
scripts/check-docs-commands.sh .build/release/toolhost plugins.d

step Debug build with import checks
python scripts/check_rooms.py
swift build --build-tests --explicit-target-dependency-import-check error
# What is built by itself still fits what it is built on.
for target in JSONBenchmark TokenBenchmark TokenFuzzer LaneFuzzer; do TOOLHOST_WORKSHOP=1 swift build --target "$target"; done

step Tests
export TOOLHOST_BIN=$PWD/.build/release/toolhost
export TOOLHOST_PACKS=$PWD/plugins.d
export TOOLHOST_FIXTURES=$PWD/.build/fixtures
export TOOLHOST_ROOT=$PWD
# One after the other: hosts that are killed while they start, and packs that keep processors busy on purpose, would
# otherwise compete with everything else for the time that tests wait. Without the lines that say that something has
# begun: there are thousands. What failed is said once more at the end, where it is looked for.
output=.build/test-output
run_tests() {
  swift test --skip-build --disable-xctest "$@" | sed --unbuffered '/^◇ Test .*started\.$/d' | tee "$output" && return
  printf '\n== What failed\n'
  awk '/^✘/ { shown = 1; print; next } /^[◇✔➜]/ { shown = 0 } shown' "$output"
  return 1
}
run_tests --skip EndToEndTests
run_tests --filter EndToEndTests --skip CheckoutKillTests
run_tests --filter CheckoutKillTests
