#!/usr/bin/env bash
# Measures what it costs to find out who calls, beside a bare verification by libcrypto in the same run.
# Usage: Benchmarks/tokens.sh [ROUNDS] [JSON_FILE]
set -euo pipefail
cd "$(dirname "$0")/.."
work=.build/token-benchmark
TOOLHOST_WORKSHOP=1 swift build --quiet --configuration release --scratch-path "$work" --product TokenBenchmark \
    -Xswiftc -enable-testing >&2
exec "$work/release/TokenBenchmark" "$@"
