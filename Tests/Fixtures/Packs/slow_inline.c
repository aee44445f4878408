/* Says TOOL_INLINE, and with {"milliseconds": n} takes that long on the thread that reads the network. Its tools tell
 * which thread they ran on; `quick_inline` never takes long. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  char out[64];
  long milliseconds = tool->name.data[0] == 's' ? fixture_integer(call, "milliseconds", 0) : 0;
  /* A sleep of no time at all gives the processor away, too, and on a busy machine not for a moment only. */
  if (milliseconds > 0) fixture_wait(milliseconds);
  snprintf(out, sizeof out, "{\"thread\":\"%lx\"}", (unsigned long)pthread_self());
  return fixture_answer(result, out);
}

static const tool_descriptor slow = {DESCRIBE("slow_inline", HARMLESS | TOOL_INLINE)};
static const tool_descriptor quick = {DESCRIBE("quick_inline", HARMLESS | TOOL_INLINE)};
static const tool_descriptor *const tools[] = {&slow, &quick};
static const tool_pack pack = {PACK("slow-inline", tools), .invoke = invoke};
EXPORT(pack)
