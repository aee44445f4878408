/* Starts children as packs do: some lose their parent and are nobody's from then on, one is this pack's own, which it
 * waits for later and on another thread than the one that started it. */
#include "fixture.h"

#include <errno.h>
#include <sys/wait.h>

static pid_t own, from_start;

/* On a thread that the host ends behind it. */
static tool_status start(const tool_host *host, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)host, (void)config, (void)deadline_ns, (void)pack, (void)error;
  from_start = fork();
  if (from_start == 0) {
    fixture_wait(3000);
    _exit(7);
  }
  return from_start > 0 ? TOOL_OK : TOOL_E_INTERNAL;
}

static void *start_own(void *nothing) {
  own = fork();
  if (own == 0) _exit(7);
  return nothing;
}

static void orphan(void) {
  const pid_t between = fork();
  if (between == 0) {
    if (fork() == 0) {
      fixture_wait(20);
      _exit(0);
    }
    _exit(0);
  }
  waitpid(between, NULL, 0);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  char out[64];
  const long wait = fixture_integer(call, "wait", 1000);
  const long count = fixture_integer(call, "orphans", 0);
  for (long index = 0; index < count; index++) orphan();
  if (fixture_integer(call, "own", 0) == 1) {
    /* Waits while its child is dead, and gets its status all the same. */
    start_own(NULL);
    fixture_wait(wait);
    int status = 0;
    const int known = waitpid(own, &status, 0) == own && WIFEXITED(status) && WEXITSTATUS(status) == 7;
    snprintf(out, sizeof out, "{\"known\":%s}", known ? "true" : "false");
    return fixture_answer(result, out);
  }
  if (fixture_integer(call, "own", 0) == 2) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, start_own, NULL) != 0) return TOOL_E_INTERNAL;
    pthread_join(thread, NULL);
    fixture_wait(wait);
    int status = 0;
    const int known = waitpid(own, &status, 0) == own && WIFEXITED(status) && WEXITSTATUS(status) == 7;
    snprintf(out, sizeof out, "{\"known\":%s}", known ? "true" : "false");
    return fixture_answer(result, out);
  }
  if (fixture_integer(call, "own", 0) == 3) {
    int status = 0;
    const int known = waitpid(from_start, &status, 0) == from_start && WIFEXITED(status) && WEXITSTATUS(status) == 7;
    snprintf(out, sizeof out, "{\"known\":%s}", known ? "true" : "false");
    return fixture_answer(result, out);
  }
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("start_children", HARMLESS), .timeout_ms = 20000};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("orphans", tools), .start = start, .invoke = invoke};
EXPORT(pack)
