#!/usr/bin/env bash
# Installs the Debian packages that building and running (or testing) need and this machine lacks.
# Where it may not install, it says what to run and stops. Usage: scripts/system-packages.sh run|test
set -euo pipefail

purpose=${1:?usage: scripts/system-packages.sh run|test}
missing=()

need() { # PACKAGE COMMAND...: the package is missing when the command fails
    local package=$1
    shift
    if ! "$@" >/dev/null 2>&1; then missing+=("$package"); fi
}

need binutils command -v strip
need curl command -v curl
need git command -v git
need jq command -v jq
need pkg-config command -v pkg-config
need libssl-dev pkg-config --exists libcrypto
need libseccomp-dev pkg-config --exists libseccomp
need libsqlite3-dev pkg-config --exists sqlite3
need libyaml-dev pkg-config --exists yaml-0.1
need zlib1g-dev pkg-config --exists zlib
if [ "$purpose" = test ]; then
    need gcc command -v gcc
    need procps command -v ps
    need g++ command -v g++
    need python3 command -v python3
    need python3-venv python3 -c 'import ensurepip, venv'
    need sqlite3 command -v sqlite3
    need shellcheck command -v shellcheck
    need valgrind command -v valgrind
fi

if ((${#missing[@]})); then
    install=(apt-get install --yes --no-install-recommends "${missing[@]}")
    if ! command -v apt-get >/dev/null; then
        echo "Missing: ${missing[*]} (the names of the Debian packages). Install them and try again." >&2
        exit 1
    elif [ "$(id -u)" = 0 ]; then
        as_root=(env DEBIAN_FRONTEND=noninteractive)
    elif command -v sudo >/dev/null && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
        as_root=(sudo DEBIAN_FRONTEND=noninteractive)
    else
        echo "Missing system packages. Run this as root, then try again:" >&2
        echo "    apt-get update && ${install[*]}" >&2
        exit 1
    fi
    echo "Installing ${missing[*]}"
    "${as_root[@]}" apt-get update --quiet=2
    "${as_root[@]}" "${install[@]}" --quiet=2 >/dev/null
fi

if ! command -v swift >/dev/null; then
    echo "The Swift toolchain is missing. Install Swift 6.3 or later (https://www.swift.org/install/linux/) and put" >&2
    echo "its usr/bin folder on PATH." >&2
    exit 1
fi
