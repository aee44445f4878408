/* A table whose strings point into unmapped memory: whoever reads them in its own process dies. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static tool_descriptor tool = {DESCRIBE("wild_pointer", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("wild-pointer", tools), .invoke = invoke};

const tool_pack *tool_pack_entry_v1(void) {
  tool.input_schema.data = (const char *)4096;
  return &pack;
}
