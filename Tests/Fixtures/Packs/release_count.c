/* Breaks nothing: hands out buffers of every kind and counts how they come back. `release_report` tells how many were
 * made, released once and released again. */
#include "fixture.h"

#define ROOM 65536

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned char times[ROOM];
static int made, once, again, wrong;

static void count_release(void *owner, const uint8_t *data, uint64_t size) {
  uintptr_t slot = (uintptr_t)owner;
  pthread_mutex_lock(&lock);
  if (times[slot]++ == 0) once++;
  else again++;
  if (size != (uint64_t)strlen((const char *)data)) wrong++;
  pthread_mutex_unlock(&lock);
}

static tool_bytes counted(const char *text) {
  pthread_mutex_lock(&lock);
  uintptr_t slot = (uintptr_t)(made++ % ROOM);
  pthread_mutex_unlock(&lock);
  return (tool_bytes){(const uint8_t *)text, strlen(text), count_release, (void *)slot};
}

static const tool_descriptor report = {DESCRIBE("release_report", HARMLESS)};

/* {"status": n}: content and message with whatever status, so that also those the host ignores must come back. */
static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  if (tool == &report) {
    char out[128];
    pthread_mutex_lock(&lock);
    snprintf(out, sizeof out, "{\"made\":%d,\"once\":%d,\"again\":%d,\"wrong\":%d}", made, once, again, wrong);
    pthread_mutex_unlock(&lock);
    return fixture_answer(result, out);
  }
  result->content = counted(fixture_integer(call, "broken", 0) ? "{\"broken\":" : "{\"given\":true}");
  result->message = counted("A message.");
  return (tool_status)fixture_integer(call, "status", TOOL_OK);
}

static const tool_descriptor give = {DESCRIBE("release_give", HARMLESS)};
static const tool_descriptor *const tools[] = {&give, &report};
static const tool_pack pack = {PACK("release-count", tools), .invoke = invoke};
EXPORT(pack)
