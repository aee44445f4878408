#!/usr/bin/env bash
# Fails when a Swift file is not formatted as .swift-format says, or a shell script does not parse.
set -euo pipefail
cd "$(dirname "$0")/.."

swift format lint --strict --recursive --parallel Sources Plugins Tests Benchmarks Package.swift
for script in scripts/*.sh Benchmarks/*.sh .ci/run test-chatgpt-endpoints.sh; do
    bash -n "$script"
done
echo "format: clean"
