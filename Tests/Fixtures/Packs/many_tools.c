/* Breaks nothing: more tools than one page of a list holds. */
#include "fixture.h"

#define COUNT 300

static char names[COUNT][16];
static tool_descriptor descriptors[COUNT];
static const tool_descriptor *tools[COUNT];

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_pack pack = {PACK("many-tools", tools), .invoke = invoke};

const tool_pack *tool_pack_entry_v1(void) {
  const tool_descriptor one = {DESCRIBE("many", HARMLESS | TOOL_INLINE)};
  for (int i = 0; i < COUNT; i++) {
    snprintf(names[i], sizeof names[i], "many_%03d", i);
    descriptors[i] = one;
    descriptors[i].name = (tool_str){names[i], strlen(names[i])};
    tools[i] = &descriptors[i];
  }
  return &pack;
}
