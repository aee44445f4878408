/* Keeps its thread busy for as long as the arguments say, whatever the deadline is and whoever asks it to stop. With
 * "first" it answers before that. */
#include "fixture.h"

static const tool_host *host;

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  host = given;
  return TOOL_OK;
}

static long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000L + time.tv_nsec / 1000000L;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  const long end = now() + fixture_integer(call, "milliseconds", 0);
  const tool_str message = STR("spinning");
  const int first = fixture_find(call, "first") != NULL;
  host->log(host->host, call->id, TOOL_LOG_INFO, &message, NULL, 0);
  if (first) {
    tool_result early = {.struct_size = sizeof(early), .status = TOOL_OK, .content = fixture_text("{}")};
    host->complete(host->host, call->id, &early);
  }
  while (now() < end) {
  }
  return first ? TOOL_PENDING : fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("spin", HARMLESS), .timeout_ms = 200};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("spin", tools), .start = start, .invoke = invoke};
EXPORT(pack)
