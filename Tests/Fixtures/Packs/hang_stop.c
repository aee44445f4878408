/* Never returns from stop(). */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static void stop(void *pack, int64_t deadline_ns) {
  (void)pack, (void)deadline_ns;
  fixture_hang();
}

static const tool_descriptor tool = {DESCRIBE("hang_stop", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("hang-stop", tools), .invoke = invoke, .stop = stop};
EXPORT(pack)
