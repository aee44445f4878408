/* Exports the entry of major version 1 and says 2 in the table. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("from_the_future", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {
    .struct_size = sizeof(tool_pack), .abi_major = 2, .tool_count = 1, .id = STR("wrong-major"),
    .version = STR("1.0.0"), .tools = tools, .invoke = invoke,
};
EXPORT(pack)
