/* An inline tool that returns TOOL_PENDING, as it may, and then never completes. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call, (void)result;
  return TOOL_PENDING;
}

static const tool_descriptor tool = {DESCRIBE("pending_inline", HARMLESS | TOOL_INLINE), .timeout_ms = 200};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("pending-inline", tools), .invoke = invoke};
EXPORT(pack)
