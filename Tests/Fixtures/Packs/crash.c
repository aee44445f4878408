/* Ends the process, in the way that "how" names, or keeps its thread: the host is to say who did it. `end_late` is
 * `end_process` with little time. */
#define _GNU_SOURCE
#include "fixture.h"

#include <signal.h>
#include <sys/time.h>
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

/* Later: when the result is given back, the call is cancelled, or the pack is stopped. */
static volatile int fails_in_cancel, fails_in_stop;

static void fail_in_release(void *owner, const uint8_t *data, uint64_t size) {
  (void)data, (void)size;
  fault(owner);
}

static void spin(void) {
  for (volatile unsigned turns = 0;; turns++) {
  }
}

static void become_another_program(void) {
  char *arguments[] = {"true", NULL};
  execv("/bin/true", arguments);
}

static void wait_for_alarm(void) {
  const struct itimerval soon = {.it_value = {.tv_usec = 1000}};
  setitimer(ITIMER_REAL, &soon, NULL);
  fixture_hang();
}

static void ignore_fault(void) {
  signal(SIGSEGV, SIG_IGN);
  fault(NULL);
}

static void block_all_signals(void) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  spin();
}

/* Where the compiler cannot see it. */
static void free_twice(void) {
  void *volatile block = malloc(40);
  free(block);
  free(block);
}

static void write_beyond_a_block(void) {
  volatile unsigned char *volatile block = malloc(40);
  void *volatile next = malloc(40);
  for (int i = 0; i < 96; i++) block[i] = 0xFF;
  free(next);
}

/* The child leaves the process group and keeps every descriptor, for a while: it is to be gone after the tests. */
static void leave_a_child(void) {
  if (fork() == 0) {
    setsid();
    signal(SIGALRM, SIG_DFL);
    alarm(30);
    fixture_hang();
  }
  abort();
}

/* Nobody reads what this one says at its end. */
static void close_output(void) {
  close(1);
  close(2);
  fprintf(stderr, "to nobody\n");
  abort();
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
  if (is(call, "execv")) become_another_program();
  if (is(call, "alarm")) wait_for_alarm();
  if (is(call, "stop signal")) raise(SIGSTOP);
  if (is(call, "hang")) fixture_hang();
  if (is(call, "wait")) fixture_wait(fixture_integer(call, "milliseconds", 0));
  if (is(call, "spin")) spin();
  if (is(call, "thread end")) pthread_exit(NULL);
  if (is(call, "ignored fault")) ignore_fault();
  if (is(call, "blocked signals")) block_all_signals();
  if (is(call, "double free")) free_twice();
  if (is(call, "heap overflow")) write_beyond_a_block();
  if (is(call, "fork")) leave_a_child();
  if (is(call, "closed output")) close_output();
  fails_in_stop = is(call, "stop");
  fails_in_cancel = is(call, "cancel");
  if (fails_in_cancel) return TOOL_PENDING;
  const tool_status status = fixture_answer(result, "{}");
  if (is(call, "release")) result->content.release = fail_in_release;
  return status;
}

static void cancel(void *pack, tool_call_id id, tool_status reason) {
  (void)pack, (void)id, (void)reason;
  if (fails_in_cancel) fault(NULL);
}

static void stop(void *pack, int64_t deadline_ns) {
  (void)pack, (void)deadline_ns;
  if (fails_in_stop) fault(NULL);
}

static const tool_descriptor tool = {DESCRIBE("end_process", HARMLESS), .timeout_ms = 20000};
static const tool_descriptor late = {DESCRIBE("end_late", HARMLESS), .timeout_ms = 300};
static const tool_descriptor *const tools[] = {&tool, &late};
static const tool_pack pack = {PACK("crash", tools), .invoke = invoke, .cancel = cancel, .stop = stop};
EXPORT(pack)
