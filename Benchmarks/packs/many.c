/* A pack with TOOLS tools, to see what a call of another one costs beside them. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static char names[TOOLS][32];
static tool_descriptor descriptors[TOOLS];
static const tool_descriptor *tools[TOOLS];
static const tool_pack pack = {PACK(ID, tools), .invoke = invoke};

/* The host calls this before anything else, from one thread. */
const tool_pack *tool_pack_entry_v1(void) {
  for (int index = 0; index < TOOLS; index++) {
    int length = snprintf(names[index], sizeof(names[index]), "%s_%d", ID, index);
    descriptors[index] = (tool_descriptor){DESCRIBE("many", HARMLESS | TOOL_INLINE)};
    descriptors[index].name = (tool_str){names[index], (uint64_t)length};
    tools[index] = &descriptors[index];
  }
  return &pack;
}
