/* Says TOOL_INLINE, and with {"milliseconds": n} takes that long on the thread that reads the network. Tells the name of
 * the thread it ran on. */
#include <sys/prctl.h>

#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  char name[17] = "", out[64];
  fixture_wait(fixture_integer(call, "milliseconds", 0));
  prctl(PR_GET_NAME, name);
  snprintf(out, sizeof out, "{\"thread\":\"%s\"}", name);
  return fixture_answer(result, out);
}

static const tool_descriptor tool = {DESCRIBE("slow_inline", HARMLESS | TOOL_INLINE)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("slow-inline", tools), .invoke = invoke};
EXPORT(pack)
