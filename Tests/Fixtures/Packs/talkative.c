/* Logs at every level, with attributes, with bytes that would forge a line of a text log, and outside a call. */
#include "fixture.h"

static const tool_host *host;

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  const tool_str message = STR("talkative starts");
  host = given;
  host->log(host->host, 0, TOOL_LOG_INFO, &message, NULL, 0);
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  const tool_str message = STR("talkative speaks"), forged = STR("one\n{\"message\":\"forged\"}\x1b[31m");
  const tool_attr attrs[] = {{STR("shelf"), STR("dairy")}, {STR("broken"), STR("\xff")}};
  for (int32_t level = TOOL_LOG_TRACE; level <= TOOL_LOG_ERROR; level++) {
    host->log(host->host, call->id, level, &message, attrs, 2);
  }
  host->log(host->host, call->id, 99, &forged, NULL, 0);
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("talkative", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("talkative", tools), .start = start, .invoke = invoke};
EXPORT(pack)
