#!/usr/bin/env bash
# Measures what it costs to read and to check a JSON body, beside Foundation's JSONSerialization in the same run.
# Usage: Benchmarks/json.sh [ROUNDS] [JSON_FILE]
set -euo pipefail
cd "$(dirname "$0")/.."
work=.build/json-benchmark
TOOLHOST_WORKSHOP=1 swift build --quiet --configuration release --scratch-path "$work" --product JSONBenchmark >&2
exec "$work/release/JSONBenchmark" "$@"
