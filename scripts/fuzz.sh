#!/usr/bin/env bash
# Lets libFuzzer, which comes with the Swift toolchain, look for tokens and key sets that bring the parser down or that
# are let in. Built in a folder of its own, because every line is instrumented. What is found is left in .build/fuzz.
# Usage: scripts/fuzz.sh [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
work=.build/fuzz
mkdir -p "$work/corpus" "$work/found"

# Optimized, or libFuzzer gets nowhere; with assertions, which a release build leaves out.
TOOLHOST_WORKSHOP=1 swift build --quiet --configuration release --scratch-path "$work" --product TokenFuzzer \
    -Xswiftc -enable-testing -Xswiftc -assert-config -Xswiftc Debug -Xswiftc -sanitize=fuzzer >&2
swiftc -sanitize=fuzzer "$work/release/libTokenFuzzer.a" -lcrypto -lyaml -lz -o "$work/fuzzer"

# Inputs of our own making come first; what is new in coverage is kept beside them for the next run, uncommitted.
"$work/fuzzer" -max_total_time="$seconds" -max_len=4096 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$work/found/" -dict=Tests/Fuzz/tokens.dict "$work/corpus" Tests/Fuzz/corpus
