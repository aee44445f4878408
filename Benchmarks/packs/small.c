/* A pack with one tool, compiled many times under other names: what a deployment with many packs starts with. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  (void)tool;
  (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor only_tool = {DESCRIBE(TOOL, HARMLESS | TOOL_INLINE)};
static const tool_descriptor *const tools[] = {&only_tool};
static const tool_pack pack = {PACK(ID, tools), .invoke = invoke};

EXPORT(pack)
