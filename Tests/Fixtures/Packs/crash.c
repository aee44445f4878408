/* Ends the process, in the way that "how" names: the host is to say who did it. */
#include "fixture.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* stdlib.h has it for C11. */
void quick_exit(int status);

static volatile int depth;

static int overflow(int level) {
  volatile char room[4096];
  room[0] = (char)level;
  depth = level;
  return level < 0 ? 0 : overflow(level + 1) + room[0];
}

static void *fault(void *nothing) {
  (void)nothing;
  *(volatile int *)8 = 1;
  return NULL;
}

static void *fail(void *nothing) {
  (void)nothing;
  abort();
}

static void *leave(void *nothing) {
  exit(0);
  return nothing;
}

static void *leave_at_once(void *nothing) {
  _exit(0);
  return nothing;
}

static void *ask(void *nothing) {
  raise(SIGTERM);
  return nothing;
}

/* Answers only where the child ended as it wanted to. */
static void leave_in_a_child(void) {
  int status = -1;
  const pid_t child = fork();
  if (child == 0) _exit(5);
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 5) abort();
}

/* The same for one that is ended by a signal, before it replaced itself by another program. */
static void terminate_a_child(void) {
  int status = -1;
  const pid_t child = fork();
  if (child == 0) fixture_hang();
  if (child < 0 || kill(child, SIGTERM) != 0 || waitpid(child, &status, 0) != child) abort();
  if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGTERM) abort();
}

/* A child has the host's handlers; its end is not the host's. */
static void fail_in_a_child(void) {
  const pid_t child = fork();
  if (child == 0) abort();
  if (child > 0) waitpid(child, NULL, 0);
}

static int is(const tool_call *call, const char *how) {
  const char *found = fixture_find(call, "how");
  return found != NULL && strncmp(found + 1, how, strlen(how)) == 0 && found[1 + strlen(how)] == '"';
}

/* Damages what the host would say of the call, and is caught at it. */
static void damage(const tool_call *call) {
  ((tool_call *)call)->request_id.data = (const char *)8;
  abort();
}

/* Crashes on a thread of the pack's own, which the host knows nothing of. */
static void on_a_thread(void *(*run)(void *)) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, run, NULL) == 0) pthread_join(thread, NULL);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  if (is(call, "fault")) fault(NULL);
  if (is(call, "abort")) fail(NULL);
  if (is(call, "damage")) damage(call);
  if (is(call, "trap")) __builtin_trap();
#if defined(__x86_64__)
  if (is(call, "breakpoint")) __asm__ volatile("int3");
#endif
  if (is(call, "child")) fail_in_a_child();
  if (is(call, "overflow")) overflow(0);
  if (is(call, "exit")) exit(3);
  if (is(call, "exit 0")) exit(0);
  if (is(call, "exit 64")) exit(64);
  if (is(call, "_exit")) _exit(0);
  if (is(call, "_Exit")) _Exit(0);
  if (is(call, "quick_exit")) quick_exit(0);
  if (is(call, "child exit")) leave_in_a_child();
  if (is(call, "child term")) terminate_a_child();
  if (is(call, "raise")) raise(SIGTERM);
  if (is(call, "kill")) kill(getpid(), SIGTERM);
  if (is(call, "thread exit")) on_a_thread(leave);
  if (is(call, "thread _exit")) on_a_thread(leave_at_once);
  if (is(call, "thread raise")) on_a_thread(ask);
  if (is(call, "thread fault")) on_a_thread(fault);
  if (is(call, "thread abort")) on_a_thread(fail);
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("end_process", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("crash", tools), .invoke = invoke};
EXPORT(pack)
