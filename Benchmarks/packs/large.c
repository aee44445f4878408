/* A tool whose result is a megabyte of JSON. */
#include "fixture.h"

enum { SIZE = 1 << 20 };

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  static const char head[] = "{\"text\":\"", tail[] = "\"}";
  (void)pack, (void)tool, (void)call;
  uint8_t *text = malloc(SIZE);
  if (text == NULL) return TOOL_E_UNAVAILABLE;
  memset(text, 'a', SIZE);
  memcpy(text, head, sizeof(head) - 1);
  memcpy(text + SIZE - (sizeof(tail) - 1), tail, sizeof(tail) - 1);
  result->content = (tool_bytes){text, SIZE, fixture_free, NULL};
  return TOOL_OK;
}

static const tool_descriptor only_tool = {DESCRIBE("large_result", HARMLESS)};
static const tool_descriptor *const tools[] = {&only_tool};
static const tool_pack pack = {PACK("large", tools), .invoke = invoke};

EXPORT(pack)
