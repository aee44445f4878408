/* Says TOOL_INLINE and takes 5 milliseconds on the thread that reads the network. Tells which thread it ran on. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  char out[64];
  fixture_wait(5);
  snprintf(out, sizeof out, "{\"thread\":\"%lx\"}", (unsigned long)pthread_self());
  return fixture_answer(result, out);
}

static const tool_descriptor tool = {DESCRIBE("slow_inline", HARMLESS | TOOL_INLINE)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("slow-inline", tools), .invoke = invoke};
EXPORT(pack)
