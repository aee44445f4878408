#!/usr/bin/env bash
# Measures what it costs to find out who calls, beside a bare verification by libcrypto in the same run.
# Usage: Benchmarks/tokens.sh [ROUNDS] [JSON_FILE]
set -euo pipefail
cd "$(dirname "$0")/.."
work=.build/token-benchmark
swift build --quiet --configuration release --package-path Benchmarks/Tokens --scratch-path "$work" >&2
exec "$work/release/TokenBenchmark" "$@"
