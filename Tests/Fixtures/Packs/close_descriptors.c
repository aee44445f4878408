/* Closes every descriptor while it is loaded, as programs do that go to the background. */
#include "fixture.h"

__attribute__((constructor)) static void close_all(void) {
  for (int descriptor = 0; descriptor < 1024; descriptor++) close(descriptor);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("close_descriptors", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("close-descriptors", tools), .invoke = invoke};
EXPORT(pack)
