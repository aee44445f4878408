/* Opens a hundred files when it starts, and keeps them. */
#include <fcntl.h>

#include "fixture.h"

static tool_status start(const tool_host *host, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)host, (void)config, (void)deadline_ns, (void)pack, (void)error;
  for (int count = 0; count < 100; count++) (void)open("/dev/null", O_RDONLY | O_CLOEXEC);
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("hoard", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("hoard", tools), .start = start, .invoke = invoke};
EXPORT(pack)
