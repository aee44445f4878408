/* Cannot live with a host older than 1.99. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("needs_newer_host", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {
    .struct_size = sizeof(tool_pack), .abi_major = TOOL_ABI_MAJOR, .abi_minor = 99, .minor_required = 99,
    .tool_count = 1, .id = STR("minor-required"), .version = STR("1.0.0"), .tools = tools, .invoke = invoke,
};
EXPORT(pack)
