#!/usr/bin/env bash
# Compares `search_products` with a token to nginx answering the same number of bytes from memory, in one run, because
# absolute figures differ from machine to machine and from minute to minute. Needs wrk, nginx, curl, jq and `make build`.
# Usage: Benchmarks/search-beside-nginx.sh [ROUNDS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."

rounds=${1:-3}
seconds=${2:-5}
for tool in wrk nginx curl jq; do
    command -v "$tool" >/dev/null || { echo "$tool is needed: apt-get install $tool" >&2; exit 1; }
done

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
export STATE_DIR=$work/state PLUGINS_DIR=$PWD/plugins.d MCP_SERVER_PORT=0 LOG_FORMAT=json
.build/release/toolhost serve --no-welcome 2>"$work/host.log" &
host=$!

wait_for() { for _ in $(seq 200); do eval "$1" && return; sleep 0.05; done; echo "gave up waiting: $1" >&2; exit 1; }
wait_for 'grep -q "\"message\":\"listening\"" "$work/host.log"'
url=$(jq -r 'select(.message == "listening").public_url' "$work/host.log")
client=$(jq -r '.client_id + ":" + .client_secret' "$STATE_DIR/auth/client.json")
token=$(curl -fsS "$url/oauth2/token" -d grant_type=client_credentials -u "$client" | jq -r .access_token)
body='{"query": "milk", "limit": 5}'
curl -fsS "$url/tools/search_products" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    -d "$body" >"$work/answer.json"

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$work/nginx.conf" <<CONF
worker_processes 1; daemon off; pid $work/nginx.pid; error_log $work/nginx.error;
events { worker_connections 1024; }
http {
  access_log $work/nginx.log;
  server { listen 127.0.0.1:$port; default_type application/json; location / { return 200 '$(tr -d "'\$" <"$work/answer.json")'; } }
}
CONF
nginx -c "$work/nginx.conf" 2>/dev/null &
wait_for 'curl -fs -o /dev/null "http://127.0.0.1:$port/"'

cat >"$work/post.lua" <<LUA
wrk.method = "POST"
wrk.body = '$body'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer $token"
LUA

# Requests a second and the 99th percentile, as wrk prints them; anything but 2xx ends the run.
measure() {
    wrk -t1 -c32 -d"${seconds}s" --latency -s "$work/post.lua" "$1" >"$work/wrk.out"
    if grep -q 'Non-2xx' "$work/wrk.out"; then cat "$work/wrk.out" >&2; exit 1; fi
    awk '/99%/ {p99 = $2} /Requests\/sec/ {print $2, p99}' "$work/wrk.out"
}

measure "$url/tools/search_products" >/dev/null # warm-up
printf '%-8s %14s %10s %14s %10s %8s\n' round 'nginx req/s' p99 'search req/s' p99 ratio
for round in $(seq "$rounds"); do
    read -r limit limit_p99 < <(measure "http://127.0.0.1:$port/")
    read -r search search_p99 < <(measure "$url/tools/search_products")
    printf '%-8s %14s %10s %14s %10s %8s\n' "$round" "$limit" "$limit_p99" "$search" "$search_p99" \
        "$(awk "BEGIN { printf \"%.2f\", $search / $limit }")"
done
awk '/VmRSS/ {printf "memory of the host after the run: %d MB\n", $2 / 1024}' "/proc/$host/status"
