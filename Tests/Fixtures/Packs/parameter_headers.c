/* Breaks nothing: a tool some of whose arguments are mirrored in fields of the request (x-mcp-header). */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  result->content = fixture_bytes(call->arguments.data, call->arguments.size);
  return TOOL_OK;
}

static const tool_descriptor tool = {
    .struct_size = sizeof(tool_descriptor),
    .flags = HARMLESS | TOOL_INLINE,
    .name = STR("routed"),
    .title = STR("Fixture routed"),
    .summary = STR("Answers with its arguments, which intermediaries may read in the request's fields."),
    .input_schema = STR("{\"type\":\"object\",\"properties\":{"
                        "\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"},"
                        "\"count\":{\"type\":\"integer\",\"x-mcp-header\":\"Count\"},"
                        "\"dry\":{\"type\":\"boolean\",\"x-mcp-header\":\"Dry-Run\"},"
                        "\"maybe\":{\"x-mcp-header\":\"Maybe\",\"type\":\"string\"},"
                        "\"deep\":{\"type\":\"object\",\"properties\":{"
                        "\"tenant\":{\"type\":\"string\",\"x-mcp-header\":\"Tenant\"}}},"
                        "\"plain\":{\"type\":\"string\"}}}"),
    .output_schema = STR(ANY_OBJECT),
};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("parameter-headers", tools), .invoke = invoke};
EXPORT(pack)
