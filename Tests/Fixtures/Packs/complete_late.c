/* Settles {"milliseconds": n} after n milliseconds whatever the deadline of 200 says. `complete_late_report` tells how
 * many calls arrived, how often cancel() was called and with what, and how many buffers were made and released. */
#include "fixture.h"

static const tool_descriptor late = {DESCRIBE("complete_late", HARMLESS), .timeout_ms = 200};
static const tool_descriptor patient = {DESCRIBE("complete_patient", HARMLESS), .timeout_ms = 20000};
static const tool_descriptor report = {DESCRIBE("complete_late_report", HARMLESS)};

static const tool_host *host;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int started, made, released, cancels, last_reason, settled, asked;

static void count_release(void *owner, const uint8_t *data, uint64_t size) {
  fixture_free(owner, data, size);
  pthread_mutex_lock(&lock);
  released++;
  pthread_mutex_unlock(&lock);
}

static void *settle_late(void *argument) {
  const tool_call *call = argument;
  tool_call_id id = call->id;
  fixture_wait(fixture_integer(call, "milliseconds", 600));
  tool_status cancelled = host->cancelled(host->host, id);
  tool_result result = {.struct_size = sizeof(result), .status = TOOL_OK, .content = fixture_text("{\"late\":true}")};
  result.content.release = count_release;
  pthread_mutex_lock(&lock);
  made++;
  asked = cancelled;
  pthread_mutex_unlock(&lock);
  host->complete(host->host, id, &result);
  pthread_mutex_lock(&lock);
  settled++;
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
    char out[256];
    pthread_mutex_lock(&lock);
    snprintf(out, sizeof out,
             "{\"started\":%d,\"made\":%d,\"released\":%d,\"cancels\":%d,\"last_reason\":%d,\"settled\":%d,"
             "\"cancelled\":%d}",
             started, made, released, cancels, last_reason, settled, asked);
    pthread_mutex_unlock(&lock);
    return fixture_answer(result, out);
  }
  pthread_t thread;
  pthread_mutex_lock(&lock);
  started++;
  pthread_mutex_unlock(&lock);
  pthread_create(&thread, NULL, settle_late, (void *)(uintptr_t)call);
  pthread_detach(thread);
  return TOOL_PENDING;
}

static void cancel(void *pack, tool_call_id id, tool_status reason) {
  (void)pack, (void)id;
  pthread_mutex_lock(&lock);
  cancels++;
  last_reason = reason;
  pthread_mutex_unlock(&lock);
}

static const tool_descriptor *const tools[] = {&late, &patient, &report};
static const tool_pack pack = {PACK("complete-late", tools), .start = start, .invoke = invoke, .cancel = cancel};
EXPORT(pack)
