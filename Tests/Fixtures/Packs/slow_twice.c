/* Takes its time to be loaded, and as long again to be started; its configuration opens a folder to it. */
#include "fixture.h"

static void wait_a_while(void) { fixture_wait(2200); }

__attribute__((constructor)) static void load(void) { wait_a_while(); }

static tool_status start(const tool_host *host, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)host, (void)config, (void)deadline_ns, (void)pack, (void)error;
  wait_a_while();
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("slow_twice", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {
    PACK("slow-twice", tools),
    .config_schema = STR("{\"type\":\"object\",\"properties\":{"
                         "\"folder\":{\"type\":\"string\",\"x-path\":\"read\",\"default\":\"pictures\"}}}"),
    .start = start, .invoke = invoke,
};
EXPORT(pack)
