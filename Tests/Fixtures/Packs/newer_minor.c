/* Breaks nothing: built with a later header whose structs have grown, and content with an older host. It must be
   served. */
#include "fixture.h"

struct newer_descriptor {
  tool_descriptor known;
  uint64_t unknown[4];
};
struct newer_pack {
  tool_pack known;
  uint64_t unknown[4];
};

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)call;
  return fixture_answer(result, ((const struct newer_descriptor *)tool)->unknown[0] == 7 ? "{\"ok\":true}" : "{}");
}

static const struct newer_descriptor tool = {
    {
        .struct_size = sizeof(struct newer_descriptor), .flags = HARMLESS | (1u << 12), .name = STR("newer_minor"),
        .title = STR("Newer"), .summary = STR("A tool from a later minor version."),
        .input_schema = STR(ANY_OBJECT), .output_schema = STR(ANY_OBJECT),
    },
    {7, 7, 7, 7},
};
static const tool_descriptor *const tools[] = {&tool.known};
static const struct newer_pack pack = {
    {
        .struct_size = sizeof(struct newer_pack), .abi_major = TOOL_ABI_MAJOR, .abi_minor = 99,
        .tool_count = 1, .id = STR("newer-minor"), .version = STR("2.0.0"), .tools = tools, .invoke = invoke,
    },
    {7, 7, 7, 7},
};
const tool_pack *tool_pack_entry_v1(void) { return &pack.known; }
