/* Leaves calls pending for ever and never returns from cancel(), which must not block. */
#include "fixture.h"

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call, (void)result;
  return TOOL_PENDING;
}

static void cancel(void *pack, tool_call_id id, tool_status reason) {
  (void)pack, (void)id, (void)reason;
  fixture_hang();
}

static const tool_descriptor tool = {DESCRIBE("hang_cancel", HARMLESS), .timeout_ms = 200};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("hang-cancel", tools), .invoke = invoke, .cancel = cancel};
EXPORT(pack)
