/* Breaks nothing: work that goes on until it is told otherwise, so that tests decide what happens in which order.
 * `job_run` {"job": 1 to 255, "steps": n} reports n steps and stays pending; `job_step` reports one more; `job_finish`
 * settles it; `job_report` tells what became of it. A cancelled job is only noted: it still steps and finishes. */
#include "fixture.h"

#define JOBS 256

static const tool_descriptor run = {DESCRIBE("job_run", HARMLESS), .timeout_ms = 40000, .max_concurrency = 64};
static const tool_descriptor step = {DESCRIBE("job_step", HARMLESS)};
static const tool_descriptor finish = {DESCRIBE("job_finish", HARMLESS)};
static const tool_descriptor report = {DESCRIBE("job_report", HARMLESS)};

static struct job {
  tool_call_id id; /* 0: never started */
  int ready;       /* the first steps have been reported */
  int done, cancels, reason, settled;
  uint32_t flags;
} jobs[JOBS];
static const tool_host *host;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)config, (void)deadline_ns, (void)pack, (void)error;
  host = given;
  return TOOL_OK;
}

static tool_status advance(long number, double total) {
  const tool_str note = STR("one step more");
  pthread_mutex_lock(&lock);
  tool_call_id id = jobs[number].id;
  int done = ++jobs[number].done;
  pthread_mutex_unlock(&lock);
  return host->progress(host->host, id, done, total, &note);
}

static tool_status run_job(long number, const tool_call *call, tool_result *result) {
  pthread_mutex_lock(&lock);
  int taken = jobs[number].id != 0;
  if (!taken) jobs[number] = (struct job){.id = call->id, .flags = call->flags};
  pthread_mutex_unlock(&lock);
  if (taken) {
    result->message = fixture_text("There was a job of this number already; take another number.");
    return TOOL_E_CONFLICT;
  }
  long steps = fixture_integer(call, "steps", 0);
  for (long i = 0; i < steps; i++) advance(number, (double)steps);
  pthread_mutex_lock(&lock);
  jobs[number].ready = 1;
  pthread_mutex_unlock(&lock);
  return TOOL_PENDING;
}

static tool_status settle(long number, tool_status status) {
  char out[64];
  pthread_mutex_lock(&lock);
  struct job job = jobs[number];
  pthread_mutex_unlock(&lock);
  snprintf(out, sizeof out, "{\"job\":%ld,\"done\":%d}", number, job.done);
  tool_result result = {.struct_size = sizeof(result), .status = status};
  if (status == TOOL_OK) result.content = fixture_text(out);
  tool_status taken = host->complete(host->host, job.id, &result);
  pthread_mutex_lock(&lock);
  jobs[number].settled = 1;
  pthread_mutex_unlock(&lock);
  return taken;
}

static tool_status tell(tool_result *result, tool_status status) {
  char out[64];
  snprintf(out, sizeof out, "{\"status\":%d}", (int)status);
  return fixture_answer(result, out);
}

static tool_status tell_all(long number, tool_result *result) {
  char out[256];
  pthread_mutex_lock(&lock);
  struct job job = jobs[number];
  pthread_mutex_unlock(&lock);
  snprintf(out, sizeof out,
           "{\"ready\":%d,\"done\":%d,\"cancels\":%d,\"reason\":%d,\"settled\":%d,\"wants_progress\":%d,\"state\":%d}",
           job.ready, job.done, job.cancels, job.reason, job.settled, (job.flags & TOOL_CALL_WANTS_PROGRESS) != 0,
           (int)host->cancelled(host->host, job.id));
  return fixture_answer(result, out);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  long number = fixture_integer(call, "job", 0);
  if (number <= 0 || number >= JOBS) {
    result->message = fixture_text("job must be a number from 1 to 255.");
    return TOOL_E_INVALID;
  }
  if (tool == &run) return run_job(number, call, result);
  if (tool == &step) return tell(result, advance(number, 0));
  if (tool == &finish) return tell(result, settle(number, TOOL_OK));
  return tell_all(number, result);
}

static void cancel(void *pack, tool_call_id id, tool_status reason) {
  (void)pack;
  pthread_mutex_lock(&lock);
  for (int i = 0; i < JOBS; i++) {
    if (jobs[i].id == id) {
      jobs[i].cancels++;
      jobs[i].reason = reason;
    }
  }
  pthread_mutex_unlock(&lock);
}

static void stop(void *pack, int64_t deadline_ns) {
  (void)pack, (void)deadline_ns;
  for (long i = 1; i < JOBS; i++) {
    if (jobs[i].id != 0 && !jobs[i].settled) settle(i, TOOL_E_CANCELLED);
  }
}

static const tool_descriptor *const tools[] = {&run, &step, &finish, &report};
static const tool_pack pack = {
    PACK("jobs", tools), .start = start, .invoke = invoke, .cancel = cancel, .stop = stop};
EXPORT(pack)
