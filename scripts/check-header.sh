#!/usr/bin/env bash
# Compiles the ABI's header alone as C99, C11, C++11 and C++20, with every compiler at hand, with all warnings as errors.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo '#include "tool_abi.h"' >"$work/header.c"
cp "$work/header.c" "$work/header.cpp"

flags=(-pedantic -pedantic-errors -Wall -Wextra -Werror -fsyntax-only -ISources/ToolABI/include)
count=0
for compiler in "gcc c c99" "gcc c c11" "clang c c99" "g++ cpp c++11" "g++ cpp c++20" "clang++ cpp c++11"; do
    read -r command suffix standard <<<"$compiler"
    if command -v "$command" >/dev/null; then
        "$command" "-std=$standard" "${flags[@]}" "$work/header.$suffix"
        count=$((count + 1))
    fi
done
if ((count < 2)); then
    echo "header: no C and C++ compiler found" >&2
    exit 1
fi
echo "header: compiles in $count ways"
