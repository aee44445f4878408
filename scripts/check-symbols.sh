#!/usr/bin/env bash
# Fails when a staged pack exports more than its entry function, needs a library it should carry, or has grown too big.
# Usage: scripts/check-symbols.sh MEGABYTES PACK.so...
set -euo pipefail

limit=$((${1:?usage: scripts/check-symbols.sh MEGABYTES PACK.so...} * 1000000))
shift
allowed='libc\.so\.6|libm\.so\.6|libgcc_s\.so\.1|libstdc\+\+\.so\.6|libsqlite3\.so\.0|ld-linux-.*'
failed=0

complain() {
    echo "❌ $1: $2" >&2
    failed=1
}

if (($# == 0)); then complain symbols "no pack given"; fi
for pack in "$@"; do
    exported=$(nm --dynamic --defined-only --extern-only "$pack" | awk '{ print $3 }' | sort | tr '\n' ' ')
    if [ "$exported" != "tool_pack_entry_v1 " ]; then complain "$pack" "exports ${exported:-nothing}"; fi

    needed=$(readelf --dynamic "$pack" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p')
    foreign=$(grep -vxE "$allowed" <<<"$needed" || true)
    if [ -n "$foreign" ]; then complain "$pack" "needs $(tr '\n' ' ' <<<"$foreign")at run time"; fi

    absolute=$(readelf --dynamic "$pack" | sed -nE 's/.*\((RPATH|RUNPATH)\).*\[(.*)\]/\2/p' | grep / || true)
    if grep -qE '(^|:)/' <<<"$absolute"; then complain "$pack" "searches a folder of the building machine: $absolute"; fi

    size=$(stat --format %s "$pack")
    if ((size > limit)); then complain "$pack" "has $size bytes, more than $limit"; fi
    printf 'symbols: %-24s %5.2f MB, 1 symbol\n' "$pack" "$(awk "BEGIN { print $size / 1000000 }")"
done
exit $failed
