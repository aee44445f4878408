#!/bin/sh
# Proves that packs ship on their own: builds one each in Swift, C and C++ the way an outside team would, and leaves
# three shared objects in OUTDIR. The Swift pack is a package of its own that depends on a commit of this repository;
# the other two see nothing but the header.
#
# usage: scripts/build-external-packs.sh OUTDIR [WORKDIR]
#   WORKDIR keeps what was built, so that a second run is quick. Default: a temporary folder.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
fixtures=$root/Tests/Fixtures/External
[ $# -ge 1 ] || { echo "usage: $0 OUTDIR [WORKDIR]" >&2; exit 64; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
if [ $# -ge 2 ]; then
    mkdir -p "$2"
    work=$(cd "$2" && pwd)
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi

# What is committed. The folder's name is the package's name for those who depend on it.
rm -rf "$work/toolhost"
git clone -q "$root" "$work/toolhost"
commit=$(git -C "$work/toolhost" rev-parse HEAD)

mkdir -p "$work/units"
rm -rf "$work/units/Sources" "$work/units/Tests"
cp -R "$fixtures/SwiftPack/." "$work/units"
sed -i "s#TOOLHOST_URL#file://$work/toolhost#; s#TOOLHOST_COMMIT#$commit#" "$work/units/Package.swift"
rm -f "$work/units/Package.resolved"
if [ -d "$work/units/.build" ]; then (cd "$work/units" && swift package update toolhost) >&2; fi
(cd "$work/units" && swift build -c release --product units) >&2
if ! grep -q "$commit" "$work/units/Package.resolved"; then
    echo "the Swift pack was built against something else than $commit" >&2
    exit 1
fi
strip --strip-unneeded -o "$work/units.so" "$work/units/.build/release/libunits.so"

header=$work/toolhost/Sources/ToolABI/include
gcc -std=c99 -pedantic -Wall -Wextra -Werror -O2 -fPIC -shared -fvisibility=hidden \
    -I "$header" -o "$work/words.so" "$fixtures/c/words.c"
gcc -std=c99 -pedantic -Wall -Wextra -Werror -O2 -fPIC -shared -fvisibility=hidden \
    -I "$header" -o "$work/lines.so" "$fixtures/c/lines.c"
g++ -std=c++11 -pedantic -Wall -Wextra -Werror -O2 -fPIC -shared -fvisibility=hidden \
    -I "$header" -o "$work/roman.so" "$fixtures/cpp/roman.cpp"

for pack in units words lines roman; do
    symbols=$(nm -D --defined-only --extern-only "$work/$pack.so" | awk '{ print $3 }' | paste -s -d ' ' -)
    if [ "$symbols" != tool_pack_entry_v1 ]; then
        echo "$pack.so exports more than its entry function: $symbols" >&2
        exit 1
    fi
    # Renamed into place: a pack that is in use is never overwritten.
    cp "$work/$pack.so" "$out/.$pack.so.new"
    mv -f "$out/.$pack.so.new" "$out/$pack.so"
    echo "$pack.so: $(wc -c <"$out/$pack.so") bytes"
done
