#!/usr/bin/env bash
# Compiles each header of the ABI alone as C99, C11, C++11 and C++20, with every compiler at hand, with all warnings as
# errors.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
headers=(tool_abi tool_http)
for header in "${headers[@]}"; do
    printf '#include "%s.h"\n' "$header" | tee "$work/$header.c" >"$work/$header.cpp"
done

flags=(-pedantic -pedantic-errors -Wall -Wextra -Werror -fsyntax-only -ISources/ToolABI/include)
count=0
for compiler in "gcc c c99" "gcc c c11" "clang c c99" "g++ cpp c++11" "g++ cpp c++20" "clang++ cpp c++11"; do
    read -r command suffix standard <<<"$compiler"
    if command -v "$command" >/dev/null; then
        for header in "${headers[@]}"; do
            "$command" "-std=$standard" "${flags[@]}" "$work/$header.$suffix"
        done
        count=$((count + 1))
    fi
done
if ((count < 2)); then
    echo "header: no C and C++ compiler found" >&2
    exit 1
fi
echo "headers: ${#headers[@]} compile in $count ways each"
