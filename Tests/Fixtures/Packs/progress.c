/* Breaks nothing: reports progress {"times": n} and tells how many reports the host took. */
#include "fixture.h"

static const tool_host *host;

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  host = given;
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  long times = fixture_integer(call, "times", 3), taken = 0;
  const tool_str note = STR("one more");
  for (long i = 1; i <= times; i++) {
    taken += host->progress(host->host, call->id, (double)i, (double)times, i % 2 ? &note : NULL) == TOOL_OK;
  }
  char out[64];
  snprintf(out, sizeof out, "{\"taken\":%ld}", taken);
  return fixture_answer(result, out);
}

static const tool_descriptor tool = {DESCRIBE("progress", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("progress", tools), .start = start, .invoke = invoke};
EXPORT(pack)
