#!/usr/bin/env bash
# Compiles the fixture packs, most of which break the contract on purpose, from the C header alone, and a few programs.
# Usage: scripts/build-fixtures.sh OUTDIR
set -euo pipefail

out=${1:?usage: scripts/build-fixtures.sh OUTDIR}
root=$(cd "$(dirname "$0")/.." && pwd)
sources=$root/Tests/Fixtures/Packs
include=$root/Sources/ToolABI/include
mkdir -p "$out"
rm -f "$out"/*.so

compile() { # SOURCE NAME [FLAG...]
    local source=$1 name=$2
    shift 2
    "${CC:-gcc}" -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -O1 -fPIC -shared -fvisibility=hidden \
        -pthread -I"$include" "$@" "$sources/$source.c" -o "$out/$name.so"
}

for path in "$sources"/*.c; do
    name=$(basename "$path" .c)
    if [ "$name" != invalid_descriptor ]; then compile "$name" "$name"; fi
done

# invalid_descriptor.c says "case 4: /* hint_missing */": number and name are read from there.
sed -nE 's|^ *case ([0-9]+): /\* ([a-z0-9_]+).*|\1 \2|p' "$sources/invalid_descriptor.c" |
    while read -r number name; do
        compile invalid_descriptor "invalid_$name" "-DCASE=$number" "-DID=\"invalid-${name//_/-}\""
    done

# Programs that a test starts a host by.
for path in "$(dirname "$sources")"/Programs/*.c; do
    "${CC:-gcc}" -std=c99 -D_GNU_SOURCE -Wall -Wextra -Werror -O1 "$path" -o "$out/$(basename "$path" .c)" -lseccomp
done

# A pack whose runtime wants to be the first library of its process.
compile good sanitized -fsanitize=address

# A pack whose runtime does what it likes with signals; TOOLHOST_GO names a compiler.
if [ -n "${TOOLHOST_GO:-}" ]; then
    place=$(realpath "$out")
    (cd "$root/Tests/Fixtures/Go" &&
        GO111MODULE=off CGO_ENABLED=1 "$TOOLHOST_GO" build -buildmode=c-shared -o "$place/.go_crash.so" .)
    mv "$out/.go_crash.so" "$out/go_crash.so"
    rm -f "$out/.go_crash.h"
fi

# Files that are no shared object for this machine.
printf 'A note that somebody left in the wrong folder.\n' >"$out/not_elf.so"
: >"$out/empty.so"
head -c 1000 "$out/good.so" >"$out/truncated.so"
cp "$out/good.so" "$out/other_machine.so"
printf '\xb7\x00' | dd of="$out/other_machine.so" bs=1 seek=18 conv=notrunc status=none # e_machine: AArch64
cp "$out/good.so" "$out/other_class.so"
printf '\x01' | dd of="$out/other_class.so" bs=1 seek=4 conv=notrunc status=none # EI_CLASS: 32 bit
cp "$out/good.so" "$out/not_shared.so"
printf '\x01\x00' | dd of="$out/not_shared.so" bs=1 seek=16 conv=notrunc status=none # e_type: relocatable

chmod 0755 "$out"/*.so
echo "$(find "$out" -name '*.so' | wc -l) fixture packs in $out"
