/* Breaks nothing: one thread of the pack's own settles all calls, newest first, from start() to stop(). */
#include "fixture.h"

#define ROOM 1024

static const tool_host *host;
static pthread_t thread;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static const tool_call *waiting[ROOM];
static int count, stopping;

static void *settle_all(void *nothing) {
  (void)nothing;
  pthread_mutex_lock(&lock);
  for (;;) {
    while (count == 0 && !stopping) pthread_cond_wait(&changed, &lock);
    if (count == 0) break;
    const tool_call *call = waiting[--count];
    pthread_mutex_unlock(&lock);
    tool_result result = {.struct_size = sizeof(result), .status = TOOL_OK};
    result.content = fixture_bytes(call->arguments.data, call->arguments.size);
    host->complete(host->host, call->id, &result);
    pthread_mutex_lock(&lock);
  }
  pthread_mutex_unlock(&lock);
  return NULL;
}

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  host = given;
  return pthread_create(&thread, NULL, settle_all, NULL) == 0 ? TOOL_OK : TOOL_E_UNAVAILABLE;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  tool_status status = TOOL_PENDING;
  pthread_mutex_lock(&lock);
  if (count < ROOM) {
    waiting[count++] = call;
    pthread_cond_signal(&changed);
  } else {
    status = TOOL_E_BUSY;
    result->message = fixture_text("Too many calls wait; try again.");
  }
  pthread_mutex_unlock(&lock);
  return status;
}

static void stop(void *pack, int64_t deadline_ns) {
  (void)pack, (void)deadline_ns;
  pthread_mutex_lock(&lock);
  stopping = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&lock);
  pthread_join(thread, NULL);
}

static const tool_descriptor tool = {DESCRIBE("complete_other_thread", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("complete-other-thread", tools), .start = start, .invoke = invoke, .stop = stop};
EXPORT(pack)
