#!/usr/bin/env bash
# Checks that a running server can be found and imported by ChatGPT Enterprise.
#
# Usage: ./test-chatgpt-endpoints.sh [--tools] [--order] [BASE_URL]     (default http://localhost:3001)
#   --tools   also call the tools that only read, as the OpenAPI document lists them, with a token or key where one is
#             needed. The client is taken from TOOLHOST_CLIENT_ID and TOOLHOST_CLIENT_SECRET (and TOOLHOST_SCOPE, where
#             the provider wants one), else from what the embedded authorization server wrote under STATE_DIR (var/);
#             the key from TOOLHOST_API_KEY.
#             Documents that need a credential themselves (DISCOVERY_AUTH=true) are fetched with it, without --tools as
#             well.
#   --order   the same, and also fill the cart, add a payment method and order with the store's tools that do so.
# Exit code: 0 when every check passed, 1 when one failed, 2 for a wrong command line.
set -euo pipefail

usage() {
    sed -nE '2,/^set /s/^# ?//p' "$0"
    exit "$1"
}

base=http://localhost:3001
tools=false
order=false
for argument in "$@"; do
    case $argument in
        --tools) tools=true ;;
        --order) tools=true order=true ;;
        -h | --help) usage 0 ;;
        http://* | https://*) base=${argument%/} ;;
        *)
            echo "Not an option and not a URL: $argument" >&2
            usage 2 >&2
            ;;
    esac
done

failed=false
pass() { echo "✅ $1"; }
fail() {
    echo "❌ $1: $2"
    failed=true
}

for command in curl jq; do
    if ! command -v "$command" >/dev/null; then
        fail "$command" "not installed; run: apt-get install $command"
        exit 1
    fi
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Leaves the answer's body in $work/body, its status in $status and its media type in $type; the reason why there is
# none in $why. Redirects are not followed: discovery must answer where it is asked.
fetch() {
    local meta code=0
    why='' status=000 type=''
    meta=$(curl --silent --show-error --max-time 60 --output "$work/body" --write-out '%{http_code} %{content_type}' "$@" \
        2>"$work/error") || code=$?
    if ((code)); then
        why=$(sed -E 's/^curl: \([0-9]+\) //' "$work/error" | head -1)
        return 1
    fi
    read -r status type <<<"$meta"
}

# fetch, and the answer must be 200 and JSON. With further arguments those of curl.
fetch_json() {
    fetch "$@" || return 1
    if [ "$status" != 200 ]; then
        why="$1 answers $status$(jq -r '": " + (.detail // .title // .error_description // empty)' "$work/body" \
            2>/dev/null || true)"
        return 1
    elif [[ $type != application/json* ]]; then
        why="$1 answers ${type:-no media type} instead of application/json"
        return 1
    elif ! jq -e . "$work/body" >/dev/null 2>&1; then
        why="$1 is not valid JSON"
        return 1
    fi
}

# Holds the body against rules "condition => complaint", one a line, the first broken one is the reason.
holds() {
    local rule
    while IFS= read -r rule; do
        if [ -n "$rule" ] && ! jq -e --arg base "$base" "${rule%% => *}" "$work/body" >/dev/null 2>&1; then
            why=${rule##* => }
            return 1
        fi
    done
}

is_url='test("^https?://[^/?#]+")'
# localhost and 127.0.0.1 are two names of one place.
same_place() { [ "$(loopback "$1")" = "$(loopback "$2")" ]; }
loopback() { sed -E 's#^(https?://)(127\.0\.0\.1|\[::1\])(:|/|$)#\1localhost\3#; s#/$##' <<<"$1"; }

check_health() {
    fetch "$base/health" || return 1
    if [ "$status" = 503 ] && jq -e '.status | type == "string"' "$work/body" >/dev/null 2>&1; then
        why="the status is not \"ok\", but $(jq .status "$work/body")"
        return 1
    fi
    fetch_json "$base/health" && holds <<'RULES'
.status == "ok" => the status is not "ok"
.version | type == "string" => no version
RULES
}

# Whether the OpenAPI document names a security scheme for which this jq condition holds.
has_scheme() {
    jq -e "[.components.securitySchemes // {} | .[] | select($1)] | length > 0" "$work/openapi" >/dev/null 2>&1
}
takes_tokens() { has_scheme '.type == "oauth2" or (.type == "http" and .scheme == "bearer")'; }
takes_keys() { has_scheme '.type == "apiKey" and .in == "header"'; }

check_openid() {
    if ! takes_tokens && [ -s "$work/openapi" ]; then
        # Where nobody sends a token there must be nothing that says where to get one.
        fetch "$base/.well-known/openid-configuration" || return 1
        [ "$status" = 404 ] && return
        why="answers $status, though the OpenAPI document names no token"
        return 1
    fi
    fetch_json "$base/.well-known/openid-configuration" && holds <<RULES || return 1
.issuer | $is_url => issuer is missing or no URL
.token_endpoint | $is_url => token_endpoint is missing or no URL
.jwks_uri | $is_url => jwks_uri is missing or no URL
RULES
    jq -r .token_endpoint "$work/body" >"$work/token_endpoint"
    local keys
    keys=$(jq -r .jwks_uri "$work/body")
    fetch_json "$keys" && holds <<'RULES'
.keys | length > 0 => the key set at jwks_uri is empty
RULES
}

check_resource() {
    fetch_json "$base/.well-known/oauth-protected-resource" && holds <<RULES || return 1
.resource | $is_url => resource is missing or no URL
RULES
    if takes_tokens || ! [ -s "$work/openapi" ]; then
        holds <<RULES || return 1
.authorization_servers | length > 0 and all($is_url) => authorization_servers names none
RULES
    fi
    local resource
    resource=$(jq -r .resource "$work/body")
    if ! same_place "$resource" "$base"; then
        why="resource is $resource, not $base; check that URL instead, or set PUBLIC_URL"
        return 1
    fi
}

count=0
check_openapi() {
    fetch_document "$base/.well-known/openapi.json" && holds <<'RULES' || return 1
.openapi | test("^3\\.") => the openapi member is not 3.x
.servers | length == 1 => there is not exactly one server URL
[.paths[].post | select(.) | .operationId] | length > 0 => no tools
[.paths[].post.operationId] | all(test("^[A-Za-z0-9_]{1,64}$")) => an operationId is missing or malformed
[.paths[].post.operationId] | length == (unique | length) => an operationId is used twice
[.paths[].post.summary] | all(length > 0 and length <= 300) => a summary is missing or longer than 300 characters
[.paths[].post.requestBody.content["application/json"].schema] | all(type == "object") => a request schema is missing
[.paths[].post.responses["200"].content["application/json"].schema] | all(type == "object") => a response schema is missing
. as $d | [.. | objects | .["$ref"]? | strings | ltrimstr("#/") | split("/") | map(gsub("~1"; "/") | gsub("~0"; "~"))] | all(. as $p | $d | getpath($p) != null) => a $ref points nowhere
RULES
    count=$(jq '[.paths | to_entries[] | select(.key | startswith("/tools/")) | select(.value.post)] | length' "$work/body")
    local server
    server=$(jq -r '.servers[0].url' "$work/body")
    if ! same_place "$server" "$base"; then
        why="the server URL is $server, not $base; check that URL instead, or set PUBLIC_URL"
        return 1
    fi
}

check_manifest() {
    fetch_document "$base/.well-known/ai-plugin.json" && holds <<RULES || return 1
.schema_version == "v1" => schema_version is not "v1"
.name_for_model | test("^[A-Za-z0-9_]{1,50}$") => name_for_model is missing or malformed
.name_for_human | length > 0 and length <= 20 => name_for_human is missing or longer than 20 characters
.description_for_model | length > 0 and length <= 8000 => description_for_model is missing or too long
.description_for_human | length > 0 and length <= 100 => description_for_human is missing or longer than 100 characters
.auth.type | IN("none", "oauth", "user_http", "service_http") => auth.type is missing or unknown
.api.type == "openapi" => api.type is not "openapi"
.contact_email | test("@") => contact_email is missing
.legal_info_url | $is_url => legal_info_url is missing or no URL
RULES
    local api logo
    api=$(jq -r .api.url "$work/body")
    logo=$(jq -r .logo_url "$work/body")
    fetch_document "$api" || return 1
    if ! fetch "$logo"; then
        why="logo_url: $why"
        return 1
    elif [ "$status" != 200 ] || [[ $type != image/* ]]; then
        why="logo_url answers $status $type instead of an image"
        return 1
    fi
}

# Secrets go through private files: command lines can be read by every user of the machine.
get_token() {
    local id=${TOOLHOST_CLIENT_ID:-} secret=${TOOLHOST_CLIENT_SECRET:-} file=${STATE_DIR:-var}/auth/client.json
    if [ -z "$id" ] || [ -z "$secret" ]; then
        if ! [ -r "$file" ]; then
            why="set TOOLHOST_CLIENT_ID and TOOLHOST_CLIENT_SECRET; there is no $file to read them from"
            return 1
        fi
        id=$(jq -r .client_id "$file") secret=$(jq -r .client_secret "$file")
    fi
    if ! [ -s "$work/token_endpoint" ]; then
        why="no token endpoint was discovered"
        return 1
    fi
    jq -rn --arg id "$id" --arg secret "$secret" --arg scope "${TOOLHOST_SCOPE:-}" \
        '"grant_type=client_credentials&client_id=\($id | @uri)&client_secret=\($secret | @uri)"
         + if $scope == "" then "" else "&scope=\($scope | @uri)" end' >"$work/form"
    fetch_json "$(cat "$work/token_endpoint")" --data "@$work/form" || return 1
    if ! jq -e '.access_token | strings' "$work/body" >/dev/null; then
        why="the answer holds no access_token"
        return 1
    fi
    printf 'header = "Authorization: Bearer %s"\n' "$(jq -r .access_token "$work/body")" >"$work/credential"
}

send_key() {
    printf 'header = "X-MCP-API-Key: %s"\n' "$TOOLHOST_API_KEY" >"$work/credential"
}

# The same before any document has said which credential is taken: with DISCOVERY_AUTH=true none is read without one.
get_first_credential() {
    if [ -n "${TOOLHOST_API_KEY:-}" ]; then
        send_key
    elif fetch_json "$base/.well-known/openid-configuration"; then
        jq -r '.token_endpoint // empty' "$work/body" >"$work/token_endpoint"
        get_token
    else
        why='set TOOLHOST_API_KEY, or, where tokens are accepted, TOOLHOST_CLIENT_ID and TOOLHOST_CLIENT_SECRET'
        return 1
    fi
}

# fetch_json for a document about tools, with the credential where it takes one; that goes to this server alone.
lacking=''
fetch_document() {
    local place
    place=$(loopback "$1")
    if [ -s "$work/credential" ] && [[ $place == "$(loopback "$base")"/* ]]; then
        fetch_json "$1" --config "$work/credential"
    else
        fetch_json "$1" && return
        if [ -n "$lacking" ]; then why="$1 needs a credential: $lacking"; fi
        return 1
    fi
}

: >"$work/credential"
# The other checks depend on what the document says about tokens; whether it is right is checked in its turn.
if ! fetch_json "$base/.well-known/openapi.json" && [ "$status" = 401 ]; then
    get_first_credential || lacking=$why
fi
if fetch_document "$base/.well-known/openapi.json"; then cp "$work/body" "$work/openapi"; fi

judge() { # CHECK NAME
    if "$1"; then pass "$2"; else fail "$2" "$why"; fi
}
judge check_health "Health Check"
judge check_openid "OpenID Connect Discovery"
judge check_resource "OAuth Protected Resource Metadata"
if check_openapi; then pass "OpenAPI Schema ($count tools discovered)"; else fail "OpenAPI Schema" "$why"; fi
judge check_manifest "Actions Manifest"

get_credential() {
    : >"$work/credential"
    if takes_keys && { [ -n "${TOOLHOST_API_KEY:-}" ] || ! takes_tokens; }; then
        if [ -z "${TOOLHOST_API_KEY:-}" ]; then
            fail "API Key" "set TOOLHOST_API_KEY"
            return 1
        fi
        send_key
    elif takes_tokens; then
        if get_token; then pass "Access Token"; else
            fail "Access Token" "$why"
            return 1
        fi
    fi
}

# What the document says about a tool.
operation() { # TOOL JQ
    jq -r --arg path "/tools/$1" ".paths[\$path].post | $2" "$work/openapi"
}

# Arguments for a tool: for the store's own those that the guide shows, for others every required property from its
# example, default or list of values. Nothing where one cannot be known.
arguments_for() { # TOOL
    case $1 in
        search_products) echo '{"query": "milk", "category": "dairy", "limit": 10}' ;;
        get_deals) echo '{"category": "produce"}' ;;
        add_to_cart) echo '{"productCode": "milk-001", "quantity": 2}' ;;
        add_payment_method) echo '{"type": "credit_card"}' ;;
        checkout) jq -c '{cartSummary: .summary}' "$work/cart" 2>/dev/null || true ;;
        *)
            # shellcheck disable=SC2016 # the variables are jq's
            operation "$1" '.requestBody.content["application/json"].schema | . as $s | (.required // [])
                | map({key: ., value: ($s.properties[.] | .examples[0]? // .example // .default // .const // .enum[0]?)})
                | if all(.value != null) then from_entries | tojson else empty end' 2>/dev/null || true
            ;;
    esac
}

call() { # TOOL
    local arguments
    arguments=$(arguments_for "$1")
    if [ -z "$arguments" ]; then
        echo "➖ $1: not called: nobody says what to send as $(operation "$1" \
            '.requestBody.content["application/json"].schema.required // [] | join(", ")')"
    elif fetch_json "$base/tools/$1" --config "$work/credential" --header 'Content-Type: application/json' \
        --data "$arguments"; then
        pass "$1"
        if [ "$1" = view_cart ]; then cp "$work/body" "$work/cart"; fi
    else
        fail "$1" "$why"
    fi
}

if $tools && [ -s "$work/openapi" ] && get_credential; then
    listed=$(jq -r '.paths | to_entries[] | select(.value.post) | .key | select(startswith("/tools/")) | .[7:]' \
        "$work/openapi")
    ordering='add_to_cart add_payment_method view_cart checkout'
    for tool in $listed; do
        # In this order, and once, where an order is asked for.
        if $order && [[ " $ordering " == *" $tool "* ]]; then continue; fi
        if [ "$(operation "$tool" '.["x-openai-isConsequential"]')" = false ]; then
            call "$tool"
        else
            echo "➖ $tool: not called: it may change something"
        fi
    done
    if $order; then
        for tool in $ordering; do
            if grep -qx "$tool" <<<"$listed"; then call "$tool"; else fail "$tool" "the document does not list it"; fi
        done
    fi
fi

if $failed; then exit 1; fi
