/* Answers {"kind": n} with a result that breaks the contract in the n-th way. */
#include "fixture.h"

static tool_status oversized(tool_result *result) {
  const size_t size = 100001;
  char *json = malloc(size);
  memset(json, 'a', size);
  memcpy(json, "{\"text\":\"", 9);
  memcpy(json + size - 2, "\"}", 2);
  result->content = (tool_bytes){(uint8_t *)json, size, fixture_free, NULL};
  return TOOL_OK;
}

static tool_status nested(tool_result *result) {
  char json[2 * 100 + 16] = "{\"text\":";
  memset(json + 8, '[', 100);
  memset(json + 108, ']', 100);
  strcpy(json + 208, "}");
  return fixture_answer(result, json);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  switch (fixture_integer(call, "kind", 0)) {
    case 1: return fixture_answer(result, "{\"text\":");                        /* not JSON */
    case 2: return fixture_answer(result, "{\"text\":7}");                      /* not what output_schema says */
    case 3: return fixture_answer(result, "{\"text\":\"\xff\xfe\"}");           /* not UTF-8 */
    case 4: return oversized(result);                                           /* one character too many */
    case 5: result->content = (tool_bytes){NULL, 10, NULL, NULL}; return TOOL_OK; /* bytes at NULL */
    case 6: return (tool_status)77;                                             /* no such status */
    case 7: return TOOL_OK;                                                     /* OK without content */
    case 8: return fixture_answer(result, "{\"text\":\"a\",\"text\":\"b\"}");   /* a member twice */
    case 9: return fixture_answer(result, "{\"text\":\"a\"}{}");                /* bytes behind the value */
    case 10: return nested(result);                                             /* deeper than 64 */
    case 11:                                                                    /* an error with broken parts */
      result->content = fixture_text("[not an object");
      result->message = fixture_text("\xc3\x28");
      return TOOL_E_CONFLICT;
    case 12:                                                                    /* a detail that is nobody's business */
      result->message = fixture_text("password=swordfish in /srv/secret.c:12");
      return TOOL_E_INTERNAL;
    case 13: result->message = (tool_bytes){NULL, 5, NULL, NULL}; return TOOL_E_CONFLICT;
    case 14: return fixture_answer(result, "{\"text\":\"\\ud800\"}");           /* half of a pair */
    case 15: result->content = (tool_bytes){(const uint8_t *)"{}", UINT64_MAX, NULL, NULL}; return TOOL_OK;
    default: return fixture_answer(result, "{\"text\":\"fine\"}");
  }
}

static const tool_descriptor tool = {
    .struct_size = sizeof(tool_descriptor), .flags = HARMLESS, .name = STR("garbage_result"),
    .title = STR("Garbage result"), .summary = STR("Answers with a result that breaks the contract."),
    .input_schema = STR("{\"type\":\"object\",\"properties\":{\"kind\":{\"type\":\"integer\"}}}"),
    .output_schema = STR("{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}},"
                         "\"required\":[\"text\"]}"),
};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("garbage-result", tools), .invoke = invoke};
EXPORT(pack)
