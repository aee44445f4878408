#!/usr/bin/env bash
# Lets libFuzzer, which comes with the Swift toolchain, look for tokens and key sets that bring the parser down or that
# are let in, and for what a pack in a process of its own could write to bring the host down or have it answer wrongly.
# Built in a folder of its own, because every line is instrumented. What is found is left in .build/fuzz/*/found.
# Usage: scripts/fuzz.sh [SECONDS [TARGET]]
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
targets=(Token Lane)
if [ $# -ge 2 ]; then targets=("$2"); fi
work=.build/fuzz
# The handler of Swift's own would keep libFuzzer from writing down what it found.
export SWIFT_BACKTRACE=enable=no

fuzz() { # NAME MOST_BYTES FLAG...
    local name=$1 own=Tests/Fuzz/${1}s of=$work/${1,,}s most=$2
    shift 2
    mkdir -p "$of/corpus" "$of/found"
    # Optimized, or libFuzzer gets nowhere; with assertions, which a release build leaves out.
    TOOLHOST_WORKSHOP=1 swift build --quiet --configuration release --scratch-path "$work" --product "${name}Fuzzer" \
        -Xswiftc -enable-testing -Xswiftc -assert-config -Xswiftc Debug -Xswiftc -sanitize=fuzzer >&2
    swiftc -sanitize=fuzzer "$work/release/lib${name}Fuzzer.a" -lcrypto -lyaml -lz -lstdc++ -o "$of/fuzzer"
    # Inputs of our own making come first; what is new in coverage is kept beside them for the next run, uncommitted.
    "$of/fuzzer" -max_total_time=$((seconds / ${#targets[@]})) -max_len="$most" -timeout=5 -rss_limit_mb=1024 \
        -print_final_stats=1 -artifact_prefix="$of/found/" "$@" "$of/corpus" "$own/corpus"
}

for target in "${targets[@]}"; do
    case $target in
        Token) fuzz Token 4096 -dict=Tests/Fuzz/Tokens/tokens.dict ;;
        # Numbers, so that a dictionary helps with nothing.
        Lane) fuzz Lane 2048 ;;
        *) echo "there is no fuzzer $target" >&2 && exit 64 ;;
    esac
done
