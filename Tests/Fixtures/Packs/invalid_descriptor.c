/* One broken table a build, chosen with -DCASE=n and given an id of its own with -DID. The word after each case names
 * the file, invalid_<word>.so, that scripts/build-fixtures.sh makes of it. */
#include "fixture.h"

#define TEN(x) x x x x x x x x x x
#define TEXT(text) ((tool_str)STR(text))
#define OBJECT(properties) TEXT("{\"type\":\"object\",\"properties\":{" properties "}}")
#define MIRRORED(name, type, header) "\"" name "\":{\"type\":\"" type "\",\"x-mcp-header\":" header "}"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static tool_descriptor tool = {DESCRIBE("broken", HARMLESS)};
static const tool_descriptor *tools[] = {&tool, &tool};
static tool_pack pack = {
    .struct_size = sizeof(tool_pack), .abi_major = TOOL_ABI_MAJOR, .tool_count = 1, .id = STR(ID),
    .version = STR("1.0.0"), .description = STR("A fixture."), .tools = tools, .invoke = invoke,
};

const tool_pack *tool_pack_entry_v1(void) {
  switch (CASE) {
    case 1: /* name_characters */ tool.name = TEXT("no spaces allowed"); break;
    case 2: /* name_long */ tool.name = TEXT(TEN("abcdef") "abcde"); break;
    case 3: /* name_empty */ tool.name = (tool_str){NULL, 0}; break;
    case 4: /* hint_missing */ tool.flags &= ~TOOL_CLOSED; break;
    case 5: /* hint_both */ tool.flags |= TOOL_DESTRUCTIVE; break;
    case 6: /* flag_unknown */ tool.flags |= 1u << 20; break;
    case 7: /* summary_long */ tool.summary = TEXT(TEN(TEN("abc")) "d"); break;
    case 8: /* summary_empty */ tool.summary = (tool_str){NULL, 0}; break;
    case 9: /* schema_not_json */ tool.input_schema = TEXT("{\"type\":"); break;
    case 10: /* schema_keyword */ tool.input_schema = TEXT("{\"type\":\"object\",\"required\":\"a\"}"); break;
    case 11: /* schema_root */ tool.input_schema = TEXT("{\"type\":\"array\"}"); break;
    case 12: /* schema_backreference */
      tool.input_schema = TEXT("{\"type\":\"object\",\"properties\":{\"a\":{\"pattern\":\"(a)\\\\1\"}}}");
      break;
    case 13: /* schema_dangling */
      tool.input_schema = TEXT("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/nowhere\"}}}");
      break;
    case 14: /* schema_remote */
      tool.input_schema = TEXT("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"https://example.com/a\"}}}");
      break;
    case 15: /* string_null */ tool.title = (tool_str){NULL, 12}; break;
    case 16: /* string_not_utf8 */ tool.summary = TEXT("A \xff\xfe tool."); break;
    case 17: /* string_huge */ tool.description.size = UINT64_MAX; break;
    case 18: /* output_schema */ tool.output_schema = TEXT("{\"type\":\"nonsense\"}"); break;
    case 19: /* descriptor_small */ tool.struct_size = 24; break;
    case 20: /* meta_array */ tool.meta = TEXT("[1]"); break;
    case 21: /* scopes_null */ tool.scope_count = 3; break;
    case 22: /* twice: two tools of one name */ pack.tool_count = 2; break;
    case 23: /* tool_null */ tools[0] = NULL; break;
    case 24: /* tools_huge */ pack.tool_count = UINT32_MAX; break;
    case 25: /* tools_null */ pack.tools = NULL; break;
    case 26: /* pack_small */ pack.struct_size = 40; break;
    case 27: /* id_characters */ pack.id = TEXT("Bad Id"); break;
    case 28: /* id_empty */ pack.id = (tool_str){NULL, 0}; break;
    case 29: /* config_schema */ pack.config_schema = TEXT("{\"type\":"); break;
    case 30: /* invoke_null */ pack.invoke = NULL; break;
    case 31: /* header_number */ tool.input_schema = OBJECT(MIRRORED("a", "number", "\"A\"")); break;
    case 32: /* header_token */ tool.input_schema = OBJECT(MIRRORED("a", "string", "\"A B\"")); break;
    case 33: /* header_empty */ tool.input_schema = OBJECT(MIRRORED("a", "string", "\"\"")); break;
    case 34: /* header_no_text */ tool.input_schema = OBJECT(MIRRORED("a", "string", "1")); break;
    case 35: /* header_twice */
      tool.input_schema = OBJECT(MIRRORED("a", "string", "\"A\"") "," MIRRORED("b", "string", "\"a\""));
      break;
    case 36: /* header_items */
      tool.input_schema = OBJECT("\"a\":{\"type\":\"array\"," MIRRORED("items", "string", "\"A\"") "}");
      break;
    case 37: /* header_choice */
      tool.input_schema = OBJECT("\"a\":{\"anyOf\":[{\"type\":\"string\",\"x-mcp-header\":\"A\"}]}");
      break;
    case 38: /* header_untyped */ tool.input_schema = OBJECT("\"a\":{\"x-mcp-header\":\"A\"}"); break;
    case 39: /* header_root */
      tool.input_schema = TEXT("{\"type\":\"object\",\"properties\":{},\"x-mcp-header\":\"A\"}");
      break;
  }
  return &pack;
}
