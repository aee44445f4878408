/* One tool that does nothing, run in each of the ways that a tool can be run, and one that is slow. */
#include "fixture.h"

enum { ROOM = 4096 };

static const tool_host *host;
static const tool_call *waiting[ROOM];
static unsigned first, count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;

/* The pack's own thread: completes what invoke left pending. */
static void *complete(void *unused) {
  for (;;) {
    pthread_mutex_lock(&lock);
    while (count == 0) pthread_cond_wait(&more, &lock);
    const tool_call *call = waiting[first];
    first = (first + 1) % ROOM;
    count--;
    pthread_mutex_unlock(&lock);
    tool_result result = {.struct_size = sizeof(result), .status = TOOL_OK};
    result.content = fixture_bytes(call->arguments.data, call->arguments.size);
    host->complete(host->host, call->id, &result);
  }
  return unused;
}

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack;
  pthread_t thread;
  host = given;
  if (pthread_create(&thread, NULL, complete, NULL) == 0) return TOOL_OK;
  error->message = fixture_text("no thread could be made");
  return TOOL_E_UNAVAILABLE;
}

static tool_status leave(const tool_call *call) {
  tool_status status = TOOL_E_BUSY;
  pthread_mutex_lock(&lock);
  if (count < ROOM) {
    waiting[(first + count++) % ROOM] = call;
    status = TOOL_PENDING;
  }
  pthread_mutex_unlock(&lock);
  pthread_cond_signal(&more);
  return status;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  switch (tool->name.data[0]) {
    case 'a': return leave(call);
    case 's': fixture_wait(20); /* fall through */
    default: result->content = fixture_bytes(call->arguments.data, call->arguments.size); return TOOL_OK;
  }
}

static const tool_descriptor inline_tool = {DESCRIBE("inline_echo", HARMLESS | TOOL_INLINE)};
static const tool_descriptor worker_tool = {DESCRIBE("worker_echo", HARMLESS)};
static const tool_descriptor async_tool = {DESCRIBE("async_echo", HARMLESS)};
static const tool_descriptor slow_tool = {DESCRIBE("slow_echo", HARMLESS)};
static const tool_descriptor *const tools[] = {&inline_tool, &worker_tool, &async_tool, &slow_tool};
static const tool_pack pack = {PACK("kinds", tools), .start = start, .invoke = invoke};

EXPORT(pack)
