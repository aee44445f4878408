/* Settles, reports progress on and asks about calls that never were; each must be answered with TOOL_E_GONE. */
#include "fixture.h"

static const tool_host *host;

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  host = given;
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  const tool_call_id never[] = {0, 1ull << 62, UINT64_MAX};
  int gone = 0;
  for (int i = 0; i < 3; i++) {
    tool_result stray = {.struct_size = sizeof(stray), .status = TOOL_OK, .content = fixture_text("{}")};
    gone += host->complete(host->host, never[i], &stray) == TOOL_E_GONE;
    gone += host->progress(host->host, never[i], 1, 2, NULL) == TOOL_E_GONE;
    gone += host->cancelled(host->host, never[i]) == TOOL_E_GONE;
  }
  char out[64];
  snprintf(out, sizeof out, "{\"gone\":%d}", gone);
  return fixture_answer(result, out);
}

static const tool_descriptor tool = {DESCRIBE("complete_unknown", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("complete-unknown", tools), .start = start, .invoke = invoke};
EXPORT(pack)
