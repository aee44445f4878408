/* Breaks nothing: one tool of each kind of execution, one that ends with any status, one that shows what a call
   carries. */
#include "fixture.h"

static const tool_host *host;

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  host = given;
  return TOOL_OK;
}

static tool_status echo(const tool_call *call, tool_result *result) {
  result->content = fixture_bytes(call->arguments.data, call->arguments.size);
  return TOOL_OK;
}

static void *complete_later(void *argument) {
  const tool_call *call = argument;
  tool_result result = {.struct_size = sizeof(result), .status = TOOL_OK};
  fixture_wait(fixture_integer(call, "milliseconds", 0));
  echo(call, &result);
  host->complete(host->host, call->id, &result);
  return NULL;
}

static tool_status echo_pending(const tool_call *call, tool_result *result) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, complete_later, (void *)(uintptr_t)call) != 0) {
    result->message = fixture_text("No thread could be made; try again.");
    return TOOL_E_BUSY;
  }
  pthread_detach(thread);
  return TOOL_PENDING;
}

/* {"status": -3, "message": 0 or 1, "content": 0 or 1, "retry_after_ms": 1500} */
static tool_status any_status(const tool_call *call, tool_result *result) {
  tool_status status = (tool_status)fixture_integer(call, "status", TOOL_OK);
  result->retry_after_ms = (uint32_t)fixture_integer(call, "retry_after_ms", 0);
  if (fixture_integer(call, "message", 1)) result->message = fixture_text("The fixture says no: try another status.");
  if (status == TOOL_OK || fixture_integer(call, "content", 0)) result->content = fixture_text("{\"why\":\"asked to\"}");
  return status;
}

static size_t append(char *out, size_t at, size_t room, const char *name, tool_str value) {
  at += (size_t)snprintf(out + at, room - at, "%s\"%s\":\"", at > 1 ? "," : "", name);
  for (uint64_t i = 0; i < value.size && at + 8 < room; i++) {
    if (value.data[i] == '"' || value.data[i] == '\\') out[at++] = '\\';
    out[at++] = value.data[i];
  }
  out[at++] = '"';
  return at;
}

static tool_status call_facts(const tool_call *call, tool_result *result) {
  char out[16384] = "{";
  struct timespec now;
  size_t at = 1;
  clock_gettime(CLOCK_MONOTONIC, &now);
  at = append(out, at, sizeof out, "request_id", call->request_id);
  at = append(out, at, sizeof out, "principal", call->principal);
  at = append(out, at, sizeof out, "subject", call->subject);
  at = append(out, at, sizeof out, "subject_issuer", call->subject_issuer);
  at = append(out, at, sizeof out, "client_id", call->client_id);
  at = append(out, at, sizeof out, "client_issuer", call->client_issuer);
  at = append(out, at, sizeof out, "conversation_id", call->conversation_id);
  at = append(out, at, sizeof out, "idempotency_key", call->idempotency_key);
  at = append(out, at, sizeof out, "traceparent", call->traceparent);
  for (uint32_t i = 0; i < call->attr_count && at + 1024 < sizeof out; i++) {
    char key[128] = "attr:";
    size_t length = call->attrs[i].key.size < 100 ? call->attrs[i].key.size : 100;
    memcpy(key + 5, call->attrs[i].key.data, length);
    at = append(out, at, sizeof out, key, call->attrs[i].value);
  }
  snprintf(out + at, sizeof out - at, ",\"milliseconds_left\":%lld,\"scope_count\":%u}",
           (long long)((call->deadline_ns - (now.tv_sec * 1000000000LL + now.tv_nsec)) / 1000000), call->scope_count);
  return fixture_answer(result, out);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  switch (tool->name.data[tool->name.size - 1]) {
    case 'r': /* echo_worker */
      fixture_wait(fixture_integer(call, "milliseconds", 0));
      return echo(call, result);
    case 'g': return echo_pending(call, result);
    case 's': return tool->name.data[0] == 'a' ? any_status(call, result) : call_facts(call, result);
    default: return echo(call, result);
  }
}

static const tool_descriptor echo_inline_tool = {
    DESCRIBE("echo", HARMLESS | TOOL_INLINE),
    .meta = STR("{\"tags\":[\"fixture\"]}"),
};
static const tool_descriptor echo_worker_tool = {DESCRIBE("echo_worker", HARMLESS), .timeout_ms = 20000};
static const tool_descriptor echo_pending_tool = {DESCRIBE("echo_pending", HARMLESS), .timeout_ms = 20000};
static const tool_descriptor any_status_tool = {DESCRIBE("any_status", HARMLESS)};
static const tool_descriptor call_facts_tool = {DESCRIBE("call_facts", HARMLESS), .timeout_ms = 5000};
static const tool_descriptor *const tools[] = {&echo_inline_tool, &echo_worker_tool, &echo_pending_tool,
                                               &any_status_tool, &call_facts_tool};
static const tool_pack pack = {PACK("good", tools), .start = start, .invoke = invoke};
EXPORT(pack)
