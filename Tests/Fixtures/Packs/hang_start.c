/* Never returns from start(). */
#include "fixture.h"

static tool_status start(const tool_host *host, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)host, (void)config, (void)deadline_ns, (void)pack, (void)error;
  fixture_hang();
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("behind_hanging_start", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("hang-start", tools), .start = start, .invoke = invoke};
EXPORT(pack)
