#!/usr/bin/env bash
# Makes Benchmarks/release.profdata, by which release builds are optimized: builds host and packs so that they count what runs,
# and loads them as clients would. To be run when the way of a call has changed much; takes as long as a first build.
# Needs wrk and gcc. Usage: scripts/profile-release.sh
set -euo pipefail
cd "$(dirname "$0")/.."

for command in gcc jq wrk; do
    command -v "$command" >/dev/null || { echo "$command is missing: apt-get install $command" >&2; exit 1; }
done
. scripts/release-flags.sh
tools=$(dirname "$(readlink -f "$(command -v swiftc)")")
runtime=$(swiftc -print-target-info | jq -r .paths.runtimeResourcePath)/clang/lib/linux/libclang_rt.profile-$(uname -m).a
scratch=.build/profile
swift build --configuration release --scratch-path "$scratch" "${release_flags[@]}" \
    -Xswiftc -Xfrontend -Xswiftc -ir-profile-generate -Xcc -fprofile-generate \
    -Xlinker -u__llvm_profile_runtime -Xlinker "$runtime"

counts=$(mktemp -d)
trap 'rm -rf "$counts"' EXIT
gcc -std=c11 -Wall -Wextra -Werror -O1 -shared -fPIC -o "$counts/exit.so" Benchmarks/exit.c
Benchmarks/train.py "$scratch/release" "$counts"
"$tools/llvm-profdata" merge --sparse --output Benchmarks/release.profdata "$counts"/*.profraw
