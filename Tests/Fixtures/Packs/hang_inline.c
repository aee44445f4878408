/* Says TOOL_INLINE and keeps the thread that reads the network for good, in the way that "how" names. */
#include "fixture.h"

static volatile int forever = 1;

static void spin(void) {
  while (forever) {
  }
}

static void slow_free(void *owner, const uint8_t *data, uint64_t size) {
  fixture_wait((long)(intptr_t)owner);
  fixture_free(NULL, data, size);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  const char *how = fixture_find(call, "how");
  if (how != NULL && strncmp(how, "\"sleep\"", 7) == 0) fixture_hang();
  if (how != NULL && strncmp(how, "\"spin\"", 6) == 0) spin();
  fixture_answer(result, "{}");
  const long milliseconds = fixture_integer(call, "release", 0);
  if (milliseconds > 0) {
    result->content.release = slow_free;
    result->content.owner = (void *)(intptr_t)milliseconds;
  }
  return TOOL_OK;
}

static const tool_descriptor tool = {DESCRIBE("hang_inline", HARMLESS | TOOL_INLINE)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("hang-inline", tools), .invoke = invoke};
EXPORT(pack)
