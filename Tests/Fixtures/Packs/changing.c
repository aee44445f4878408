/* Says something else of itself in each process. */
#include "fixture.h"

static char version[32];
static tool_pack pack;

static tool_status invoke(void *instance, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)instance, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("changing", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};

const tool_pack *tool_pack_entry_v1(void) {
  const int size = snprintf(version, sizeof version, "1.0.%d", (int)getpid());
  pack = (tool_pack){PACK("changing", tools), .invoke = invoke};
  pack.version = (tool_str){version, (uint64_t)size};
  return &pack;
}
