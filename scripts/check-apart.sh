#!/usr/bin/env bash
# Whether what is compiled apart from the package, the benchmark of tokens and the fuzz target, still fits its sources:
# both take parts of the host, which then may come to need another part. Needs the modules of a debug build, and links
# nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

# Modules of C have a map, written for them or made while building.
modules=(-Xcc -ISources/ToolABI/include -I .build/debug/Modules -I Sources/COpenSSL -I Sources/CGlibc -I Sources/CYAML
    -I Sources/CZLIB)
while read -r map; do modules+=(-Xcc "-fmodule-map-file=$map"); done < <(
    find .build/checkouts/*/Sources/*/include .build/debug/*.build -maxdepth 1 -name module.modulemap |
        xargs grep -lE 'module (_?C|_[A-Z]|ToolABI|ProgramPages|SignalPipe)')
check=(swiftc -typecheck -swift-version 6 -strict-memory-safety -warnings-as-errors -enable-upcoming-feature ExistentialAny
    -enable-upcoming-feature MemberImportVisibility "${modules[@]}")

scripts/fuzz.sh --check

benchmark=Benchmarks/Tokens
mapfile -t sources < <(
    swift package --package-path "$benchmark" --scratch-path .build/tokens describe --type json |
        jq -r '.targets[] | select(.name == "ToolHost") | .sources[]')
((${#sources[@]} > 0)) || { echo "$benchmark names no sources of the host." >&2; exit 1; }
"${check[@]}" -enable-testing -module-name ToolHost "${sources[@]/#/Sources/Host/}"
"${check[@]}" -parse-as-library -module-name TokenBenchmark "$benchmark"/Sources/TokenBenchmark/*.swift
echo "benchmark of tokens and fuzz target: they fit the sources"
