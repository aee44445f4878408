#!/usr/bin/env bash
# Lets libFuzzer, which comes with the Swift toolchain, look for tokens and key sets that bring the parser down or that
# are let in. Built apart from the package, because every line is instrumented. What is found is left in .build/fuzz.
# Usage: scripts/fuzz.sh [SECONDS]
#        scripts/fuzz.sh --check: only whether the target compiles, with the modules of a debug build
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
work=.build/fuzz
mkdir -p "$work/corpus" "$work/found"

strict=(-swift-version 6 -strict-memory-safety -warnings-as-errors -enable-upcoming-feature ExistentialAny
    -enable-upcoming-feature MemberImportVisibility)
# Optimised, or libFuzzer gets nowhere; with assertions, which a release build leaves out.
build=(swiftc -O -assert-config Debug -wmo -parse-as-library -sanitize=fuzzer "${strict[@]}" -I "$work" -I Sources/COpenSSL
    -I "$work/ToolABI")

# Everything between the text of a token and the caller's identity, without network, clock and configuration.
host=Sources/Host
sources=("$host"/Auth/Tokens/{BearerMistake,BearerToken,CompactJWS,TokenClaims,TokenReport,TokenVerifier}.swift
    "$host"/Auth/Keys/{JSONWebKey,JSONWebKeySet}.swift "$host"/Auth/Issuers/{IssuerConfiguration,IssuerPreset}.swift
    "$host"/Auth/{AuthenticationFailure,Challenge,RefusalReason}.swift "$host"/Base/Bytes/Base64.swift
    "$host"/Base/Clocks/NumericDate.swift "$host"/Base/Text/{ForeignText,SingleField,Text}.swift
    "$host"/Base/Crypto/{Digest,ECDSASignature,KeyParameters,PublicKey,SignatureAlgorithm}.swift
    "$host"/Caller/{BlockLayout,CallerPart,Principal}.swift)

# The header of packs as a module, as the package makes one.
mkdir -p "$work/ToolABI"
printf 'module ToolABI {\n    header "%s"\n    export *\n}\n' "$PWD/Sources/ToolABI/include/tool_abi.h" \
    >"$work/ToolABI/module.modulemap"

if [ "$seconds" = --check ]; then
    exec swiftc -typecheck -parse-as-library "${strict[@]}" -I .build/debug/Modules -I Sources/COpenSSL -I "$work/ToolABI" \
        -module-name TokenFuzzer "${sources[@]}" Tests/Fuzz/*.swift
fi

newest=$(find Sources/JSONSchema Tests/Fuzz scripts/fuzz.sh "${sources[@]}" -type f -newer "$work/fuzzer" 2>/dev/null || echo all)
if [ -n "$newest" ] || ! [ -x "$work/fuzzer" ]; then
    "${build[@]}" -module-name JSONSchema -emit-module -emit-module-path "$work/JSONSchema.swiftmodule" \
        -c Sources/JSONSchema/*.swift -o "$work/JSONSchema.o"
    "${build[@]}" -module-name TokenFuzzer "${sources[@]}" Tests/Fuzz/*.swift "$work/JSONSchema.o" -lcrypto -o "$work/fuzzer"
fi

# Inputs of our own making come first; what is new in coverage is kept beside them for the next run, uncommitted.
"$work/fuzzer" -max_total_time="$seconds" -max_len=4096 -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 \
    -artifact_prefix="$work/found/" -dict=Tests/Fuzz/tokens.dict "$work/corpus" Tests/Fuzz/corpus
