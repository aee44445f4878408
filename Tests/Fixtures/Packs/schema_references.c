/* Breaks nothing: schemas with $defs, references among them, an enum, constraints and a scope, to be found again in the
 * OpenAPI document. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  result->content = fixture_bytes(call->arguments.data, call->arguments.size);
  return TOOL_OK;
}

static const tool_str scopes[] = {STR("orders:write")};
static const tool_descriptor tool = {
    .struct_size = sizeof(tool_descriptor),
    .flags = TOOL_WRITES | TOOL_DESTRUCTIVE | TOOL_REPEATS | TOOL_OPEN_WORLD,
    .name = STR("schema_references"), .title = STR("Schema references"), .summary = STR("Takes a tree of parcels."),
    .input_schema = STR(
        "{\"type\":\"object\",\"required\":[\"parcel\"],\"additionalProperties\":false,\"properties\":{"
        "\"parcel\":{\"$ref\":\"#/$defs/parcel\"},\"kind\":{\"enum\":[\"small\",\"large\"]},"
        "\"weight\":{\"type\":\"number\",\"exclusiveMinimum\":0,\"maximum\":31.5}},"
        "\"$defs\":{\"parcel\":{\"type\":\"object\",\"required\":[\"label\"],\"properties\":{"
        "\"label\":{\"type\":\"string\",\"minLength\":1,\"maxLength\":20,\"pattern\":\"^[A-Z]+$\"},"
        "\"parts\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/parcel\"},\"maxItems\":3},"
        "\"sender\":{\"$ref\":\"#/$defs/a~1b\"}}},\"a/b\":{\"type\":\"string\"}}}"),
    .output_schema = STR("{\"type\":\"object\",\"properties\":{\"parcel\":{\"$ref\":\"#/$defs/parcel\"}},"
                         "\"$defs\":{\"parcel\":{\"type\":\"object\",\"properties\":{}}}}"),
    .scopes = scopes, .scope_count = 1,
};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("schema-references", tools), .invoke = invoke};
EXPORT(pack)
