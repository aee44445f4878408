/* Claims the id of the pack in good.c. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("duplicate_id", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("good", tools), .invoke = invoke};
EXPORT(pack)
