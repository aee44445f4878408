/* Never returns from invoke(): the thread is lost to the host for good. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call, (void)result;
  fixture_hang();
  return TOOL_OK;
}

static const tool_descriptor tool = {DESCRIBE("hang_invoke", HARMLESS), .timeout_ms = 200};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("hang-invoke", tools), .invoke = invoke};
EXPORT(pack)
