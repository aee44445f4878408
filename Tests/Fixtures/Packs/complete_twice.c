/* Settles each pending call twice; the second buffer must be released all the same. `complete_twice_report` tells what
 * the second complete() returned. */
#include "fixture.h"

static const tool_descriptor twice = {DESCRIBE("complete_twice", HARMLESS)};
static const tool_descriptor report = {DESCRIBE("complete_twice_report", HARMLESS)};

static const tool_host *host;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int second_status = 1, released, made;

static void count_release(void *owner, const uint8_t *data, uint64_t size) {
  fixture_free(owner, data, size);
  pthread_mutex_lock(&lock);
  released++;
  pthread_mutex_unlock(&lock);
}

static tool_result result_with(const char *json) {
  tool_result result = {.struct_size = sizeof(result), .status = TOOL_OK, .content = fixture_text(json)};
  result.content.release = count_release;
  pthread_mutex_lock(&lock);
  made++;
  pthread_mutex_unlock(&lock);
  return result;
}

static void *settle_twice(void *argument) {
  const tool_call *call = argument;
  tool_call_id id = call->id;
  tool_result first = result_with("{\"answer\":1}"), second = result_with("{\"answer\":2}");
  host->complete(host->host, id, &first);
  tool_status status = host->complete(host->host, id, &second);
  pthread_mutex_lock(&lock);
  second_status = status;
  pthread_mutex_unlock(&lock);
  return NULL;
}

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  host = given;
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  if (tool == &report) {
    char out[128];
    pthread_mutex_lock(&lock);
    snprintf(out, sizeof out, "{\"second_status\":%d,\"made\":%d,\"released\":%d}", second_status, made, released);
    pthread_mutex_unlock(&lock);
    return fixture_answer(result, out);
  }
  pthread_t thread;
  pthread_create(&thread, NULL, settle_twice, (void *)(uintptr_t)call);
  pthread_detach(thread);
  return TOOL_PENDING;
}

static const tool_descriptor *const tools[] = {&twice, &report};
static const tool_pack pack = {PACK("complete-twice", tools), .start = start, .invoke = invoke};
EXPORT(pack)
