/* Breaks nothing: allows one call at a time and reports the most it has seen at once. Takes 30 milliseconds a call. */
#include "fixture.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int inside, most;

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  pthread_mutex_lock(&lock);
  if (++inside > most) most = inside;
  pthread_mutex_unlock(&lock);
  fixture_wait(fixture_integer(call, "milliseconds", 30));
  char out[64];
  pthread_mutex_lock(&lock);
  inside--;
  snprintf(out, sizeof out, "{\"most\":%d}", most);
  pthread_mutex_unlock(&lock);
  return fixture_answer(result, out);
}

static const tool_descriptor tool = {DESCRIBE("concurrency", HARMLESS), .max_concurrency = 1, .timeout_ms = 20000};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("concurrency", tools), .invoke = invoke};
EXPORT(pack)
