/* Sends what the arguments say through the host's service http/1 and answers with what came back, from the callback: a
 * pack without a thread or a network stack of its own. The three tools differ in nothing but their hints.
 * `outbound_report` tells how often the callback ran and what was given back; `outbound_misuse` does what the contract
 * forbids. With "twice" a call asks once more for the same, when the first answer is there. Told to "abort", the pack
 * sends a request while it starts, and does not start. */
#include "fixture.h"
#include "tool_http.h"

#define CONFIG                                                                                       \
  "{\"type\":\"object\",\"properties\":{\"watch\":{\"type\":\"string\",\"description\":\"A URL\"}," \
  "\"limit\":{\"type\":\"integer\",\"description\":\"Bytes\"},"                                      \
  "\"milliseconds\":{\"type\":\"integer\",\"description\":\"Of a request\"},"                         \
  "\"abort\":{\"type\":\"string\",\"description\":\"A URL\"}}}"
#define REACHING (TOOL_ADDITIVE | TOOL_OPEN_WORLD)

static const tool_descriptor read_tool = {
    DESCRIBE("outbound_read", REACHING | TOOL_READ_ONLY | TOOL_IDEMPOTENT | TOOL_INLINE), .timeout_ms = 5000};
static const tool_descriptor write_tool = {DESCRIBE("outbound_write", REACHING | TOOL_WRITES | TOOL_REPEATS),
                                           .timeout_ms = 5000};
static const tool_descriptor brief_tool = {
    DESCRIBE("outbound_brief", REACHING | TOOL_READ_ONLY | TOOL_IDEMPOTENT | TOOL_INLINE), .timeout_ms = 600};
static const tool_descriptor outside_tool = {DESCRIBE("outbound_outside", REACHING | TOOL_WRITES | TOOL_REPEATS),
                                             .timeout_ms = 5000};
static const tool_descriptor report_tool = {DESCRIBE("outbound_report", HARMLESS)};
static const tool_descriptor misuse_tool = {DESCRIBE("outbound_misuse", HARMLESS)};

static const tool_host *host;
static const tool_http *http;
static tool_status watched = TOOL_OK;
static long limit, milliseconds;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int sent, done_calls, cancels, stopped, after_stop;
static char again[512]; /* what a call with "twice" asks for the second time: one such call at a time */
static char aborted;    /* owner of the request of a start */
#define AGAIN ((uint64_t)1 << 63)

/* Copies the JSON string behind "key": without its escapes for quotation marks and backslashes. */
static char *text_of(const char *at, const char *end, char *out, size_t size) {
  size_t length = 0;
  if (at != NULL && *at == '"') {
    for (at++; at < end && *at != '"' && length + 1 < size; at++) {
      if (*at == '\\' && at + 1 < end) at++;
      out[length++] = *at;
    }
  }
  out[length] = 0;
  return out;
}

static void append_json(char **at, const char *text, uint64_t size) {
  for (uint64_t i = 0; i < size; i++) {
    unsigned char byte = (unsigned char)text[i];
    if (byte == '"' || byte == '\\') *(*at)++ = '\\';
    *(*at)++ = byte < 0x20 || byte > 0x7e ? '?' : (char)byte;
  }
}

static void done(void *owner, const tool_http_response *response) {
  tool_call_id call = (tool_call_id)(uintptr_t)owner;
  if (owner == &aborted) {
    char out[64];
    snprintf(out, sizeof out, "the request of a start ended with status %d", (int)response->status);
    const tool_str message = {out, strlen(out)};
    const tool_attr none = {STR("x"), STR("y")};
    http->release(http->service, response);
    host->log(host->host, 0, TOOL_LOG_INFO, &message, &none, 1);
    return;
  }
  if (call & AGAIN) {
    call &= ~AGAIN;
    const tool_http_request second = {
        .struct_size = sizeof(second), .call = call, .method = STR("POST"), .url = {again, strlen(again)}};
    http->release(http->service, response);
    http->send(http->service, &second, done, (void *)(uintptr_t)call, NULL);
    return;
  }
  uint64_t shown = response->body_size < 4096 ? response->body_size : 4096;
  char *json = malloc(512 + 2 * (shown + response->message.size)), *at = json;
  const char *type = "";
  uint64_t type_size = 0;
  for (uint32_t i = 0; i < response->header_count; i++) {
    const tool_attr *field = &response->headers[i];
    if (field->key.size == 12 && memcmp(field->key.data, "Content-Type", 12) == 0) {
      type = field->value.data;
      type_size = field->value.size;
    }
  }
  at += sprintf(at, "{\"status\":%d,\"http_status\":%u,\"retry_after_ms\":%u,\"unsent\":%s,\"size\":%llu,\"type\":\"",
                (int)response->status, response->http_status, response->retry_after_ms,
                response->flags & TOOL_HTTP_UNSENT ? "true" : "false", (unsigned long long)response->body_size);
  append_json(&at, type, type_size < 100 ? type_size : 100);
  at += sprintf(at, "\",\"message\":\"");
  append_json(&at, response->message.data, response->message.size);
  at += sprintf(at, "\",\"body\":\"");
  append_json(&at, (const char *)response->body, shown);
  at += sprintf(at, "\"}");
  /* A tool passes on what its caller can do something about. */
  tool_result result = {.struct_size = sizeof(result), .status = TOOL_OK};
  if (response->status == TOOL_E_UNAVAILABLE || response->status == TOOL_E_DEADLINE) {
    result.status = response->status;
    result.retry_after_ms = response->retry_after_ms;
    result.message = fixture_bytes(response->message.data, response->message.size);
  }
  result.content = fixture_bytes(json, (uint64_t)(at - json));
  free(json);
  http->release(http->service, response);
  pthread_mutex_lock(&lock);
  done_calls++;
  if (stopped) after_stop++;
  pthread_mutex_unlock(&lock);
  if (call != 0) host->complete(host->host, call, &result);
}

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)deadline_ns, (void)pack;
  const tool_str name = STR(TOOL_HTTP_SERVICE), unknown = STR("http/9");
  const tool_call pretended = {.arguments = *config};
  char url[512];
  host = given;
  http = host->service(host->host, &name);
  if (http == NULL || host->service(host->host, &name) != http || host->service(host->host, &unknown) != NULL ||
      !TOOL_HAS(http, tool_http, watch)) {
    error->message = fixture_text("the host offers no http/1");
    return TOOL_E_UNSUPPORTED;
  }
  limit = fixture_integer(&pretended, "limit", 0);
  milliseconds = fixture_integer(&pretended, "milliseconds", 0);
  text_of(fixture_find(&pretended, "watch"), config->data + config->size, url, sizeof url);
  if (url[0]) {
    const tool_str text = {url, strlen(url)};
    watched = http->watch(http->service, &text);
  }
  text_of(fixture_find(&pretended, "abort"), config->data + config->size, url, sizeof url);
  if (url[0]) {
    const tool_http_request request = {
        .struct_size = sizeof(request), .method = STR("GET"), .url = {url, strlen(url)}};
    http->send(http->service, &request, done, &aborted, NULL);
    error->message = fixture_text("it was told to abort");
    return TOOL_E_UNAVAILABLE;
  }
  return TOOL_OK;
}

static tool_status misuse(tool_result *result) {
  char out[256];
  const tool_http_request small = {.struct_size = 8}, unknown = {.struct_size = sizeof(unknown), .call = UINT64_MAX};
  const tool_http_request nothing = {.struct_size = sizeof(nothing)};
  const tool_str bad = STR("nonsense"), elsewhere = STR("http://elsewhere.example/health");
  tool_http_id id = 0;
  int null_request = http->send(http->service, NULL, done, NULL, &id);
  int null_done = http->send(http->service, &nothing, NULL, NULL, &id);
  int too_small = http->send(http->service, &small, done, NULL, NULL);
  int gone = http->send(http->service, &unknown, done, NULL, NULL);
  http->cancel(http->service, 0);
  http->cancel(http->service, UINT64_MAX);
  snprintf(out, sizeof out,
           "{\"null_request\":%d,\"null_done\":%d,\"too_small\":%d,\"gone\":%d,\"watch_bad\":%d,\"watch_null\":%d,"
           "\"watch_elsewhere\":%d}",
           null_request, null_done, too_small, gone, http->watch(http->service, &bad),
           http->watch(http->service, NULL), http->watch(http->service, &elsewhere));
  return fixture_answer(result, out);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  if (tool == &misuse_tool) return misuse(result);
  if (tool == &report_tool) {
    char out[160];
    pthread_mutex_lock(&lock);
    snprintf(out, sizeof out, "{\"sent\":%d,\"done\":%d,\"cancels\":%d,\"watched\":%d,\"after_stop\":%d}", sent,
             done_calls, cancels, (int)watched, after_stop);
    pthread_mutex_unlock(&lock);
    return fixture_answer(result, out);
  }
  const char *end = call->arguments.data + call->arguments.size;
  char url[512], method[32], body[2048], secret[64];
  text_of(fixture_find(call, "url"), end, url, sizeof url);
  text_of(fixture_find(call, "method"), end, method, sizeof method);
  text_of(fixture_find(call, "body"), end, body, sizeof body);
  text_of(fixture_find(call, "secret"), end, secret, sizeof secret);
  const tool_attr headers[] = {
      {STR("Content-Type"), STR("application/json")}, {STR("X-Own"), STR("of the pack")},
      {STR("Host"), STR("elsewhere.example")},        {STR("Content-Length"), STR("1")},
      {STR("Connection"), STR("X-Dropped")},          {STR("X-Dropped"), STR("1")},
      {STR("X-Request-Id"), STR("forged")},           {STR("Authorization"), {secret, strlen(secret)}},
      {STR("X-MCP-API-Key"), {secret, strlen(secret)}}, {STR("X-User-Token"), {secret, strlen(secret)}}};
  tool_http_request request = {.struct_size = sizeof(request),
                               .timeout_ms = (uint32_t)milliseconds,
                               .call = tool == &outside_tool ? 0 : call->id,
                               .method = {method[0] ? method : "POST", strlen(method[0] ? method : "POST")},
                               .url = {url, strlen(url)},
                               .headers = headers,
                               .header_count = secret[0] ? 10 : 7,
                               .body = (const uint8_t *)body,
                               .body_size = strlen(body),
                               .max_response_bytes = (uint64_t)limit};
  tool_http_id id = 0;
  pthread_mutex_lock(&lock);
  sent++;
  pthread_mutex_unlock(&lock);
  uint64_t owner = request.call;
  if (fixture_find(call, "twice") != NULL) {
    owner |= AGAIN;
    memcpy(again, url, sizeof again);
  }
  tool_status status = http->send(http->service, &request, done, (void *)(uintptr_t)owner, &id);
  if (status != TOOL_OK) {
    result->message = fixture_text("the host took no request");
    return status;
  }
  if (fixture_find(call, "cancel") != NULL) http->cancel(http->service, id);
  if (tool == &outside_tool) return fixture_answer(result, "{}");
  return TOOL_PENDING;
}

static void cancel(void *pack, tool_call_id id, tool_status reason) {
  (void)pack, (void)id, (void)reason;
  pthread_mutex_lock(&lock);
  cancels++;
  pthread_mutex_unlock(&lock);
}

static void stop(void *pack, int64_t deadline_ns) {
  (void)pack, (void)deadline_ns;
  char out[128];
  const tool_attr none = {STR("x"), STR("y")};
  pthread_mutex_lock(&lock);
  stopped = 1;
  snprintf(out, sizeof out, "outbound stops with %d of %d requests done", done_calls, sent);
  pthread_mutex_unlock(&lock);
  const tool_str message = {out, strlen(out)};
  host->log(host->host, 0, TOOL_LOG_INFO, &message, &none, 1);
}

static const tool_descriptor *const tools[] = {&read_tool,    &write_tool,  &brief_tool,
                                               &outside_tool, &report_tool, &misuse_tool};
static const tool_pack pack = {PACK("outbound", tools), .config_schema = STR(CONFIG), .start = start,
                               .invoke = invoke,        .cancel = cancel,             .stop = stop};
EXPORT(pack)
