#!/usr/bin/env bash
# Strips a pack that was built in release mode and renames it into plugins.d/, so that a host which reads the folder
# meanwhile finds the old file or the new one, and never a part. The YAML that ships with it is put beside it where
# there is none: what an operator wrote stays. Usage: scripts/stage-pack.sh catalog
set -euo pipefail
cd "$(dirname "$0")/.."

name=${1:?usage: scripts/stage-pack.sh NAME}
staging=plugins.d/.$name.so.$$
trap 'rm -f "$staging"' EXIT

mkdir -p plugins.d
chmod go-w plugins.d # the host refuses packs from a folder that others may write to
strip --strip-unneeded -o "$staging" ".build/release/lib${name^}.so"
chmod 0755 "$staging"
touch "$staging"
mv "$staging" "plugins.d/$name.so"
[ -e "plugins.d/$name.yaml" ] || install -m 0644 "Plugins/${name^}/$name.yaml" "plugins.d/$name.yaml"
