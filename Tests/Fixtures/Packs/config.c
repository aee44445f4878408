/* Breaks nothing: shows the configuration it was started with. */
#include "fixture.h"

static char *given;

static tool_status start(const tool_host *host, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)host, (void)deadline_ns, (void)pack, (void)error;
  given = calloc(1, config->size + 1);
  memcpy(given, config->data, config->size);
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, given);
}

static const tool_descriptor tool = {DESCRIBE("show_config", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {
    PACK("config", tools),
    .config_schema = STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                         "\"region\":{\"type\":\"string\",\"x-env\":\"FIXTURE_REGION\"},"
                         "\"retries\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":9,\"x-env\":\"FIXTURE_RETRIES\"},"
                         "\"state\":{\"type\":\"string\",\"x-env\":\"STATE_DIR\"},"
                         "\"fast\":{\"type\":\"boolean\",\"x-env\":\"FIXTURE_FAST\"}}}"),
    .start = start, .invoke = invoke,
};
EXPORT(pack)
