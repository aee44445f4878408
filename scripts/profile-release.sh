#!/usr/bin/env bash
# Makes Benchmarks/release.profdata, by which release builds are optimized: builds host and packs so that they count
# what runs, and loads them as clients would. To be run when the way of a call has changed much; takes as long as a
# first build. Needs wrk and gcc. Usage: scripts/profile-release.sh
set -euo pipefail
cd "$(dirname "$0")/.."

for command in gcc jq wrk; do
    command -v "$command" >/dev/null || { echo "$command is missing: apt-get install $command" >&2; exit 1; }
done
. scripts/release-flags.sh
resources=$(swiftc -print-target-info | jq -r .paths.runtimeResourcePath)
profdata=$resources/../../bin/llvm-profdata
runtime=$resources/clang/lib/linux/libclang_rt.profile-$(uname -m).a
for file in "$profdata" "$runtime"; do
    [ -f "$file" ] || { echo "$file is missing: it comes with Swift's toolchain" >&2; exit 1; }
done
# Older compilers cannot read what a later one writes.
if [[ $(swift --version 2>/dev/null) != *"Swift version 6.3"* ]]; then
    echo "The profile is made with Swift 6.3, the oldest version that builds this; this is $(swift --version 2>/dev/null | head -1)." >&2
    exit 1
fi
unset CC CXX
scratch=.build/profile
swift build --configuration release --scratch-path "$scratch" "${release_flags[@]}" \
    -Xswiftc -Xfrontend -Xswiftc -ir-profile-generate -Xcc -fprofile-generate \
    -Xlinker -u__llvm_profile_runtime -Xlinker "$runtime"

# Not where TMPDIR says: LD_PRELOAD takes no spaces and colons.
counts=$(mktemp -d /tmp/toolhost-XXXXXX)
trap 'rm -rf "$counts"' EXIT
gcc -std=c11 -Wall -Wextra -Werror -O1 -shared -fPIC -o "$counts/exit.so" Benchmarks/exit.c
Benchmarks/train.py "$scratch/release" "$counts"
"$profdata" merge --sparse --output "$counts/release.profdata" "$counts"/*.profraw
cp "$counts/release.profdata" Benchmarks/release.profdata.new
mv Benchmarks/release.profdata.new Benchmarks/release.profdata
