/* Settles a call from another thread before invoke() has returned TOOL_PENDING, which the contract allows. */
#include "fixture.h"

static const tool_host *host;

static void *settle(void *argument) {
  const tool_call *call = argument;
  tool_result result = {.struct_size = sizeof(result), .status = TOOL_OK, .content = fixture_text("{\"early\":true}")};
  host->complete(host->host, call->id, &result);
  return NULL;
}

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  host = given;
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)result;
  pthread_t thread;
  pthread_create(&thread, NULL, settle, (void *)(uintptr_t)call);
  pthread_join(thread, NULL);
  return TOOL_PENDING;
}

static const tool_descriptor tool = {DESCRIBE("complete_before_return", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("complete-before-return", tools), .start = start, .invoke = invoke};
EXPORT(pack)
