/* Takes as much as the arguments say: memory that it touches, threads, open files, bytes of a file, address space. The
 * first two it keeps. */
#define _GNU_SOURCE
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static const size_t mebibyte = 1 << 20;

static int is(const tool_call *call, const char *key, const char *what) {
  const char *found = fixture_find(call, key);
  return found != NULL && strncmp(found + 1, what, strlen(what)) == 0 && found[1 + strlen(what)] == '"';
}

static char *map(size_t size, int protection, int flags) {
  void *start = mmap(NULL, size, protection, flags | MAP_ANONYMOUS, -1, 0);
  return start == MAP_FAILED ? NULL : start;
}

static double seconds(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* At RATE MiB a second; 0: as fast as there is any. Returns how many MiB it was given. */
static long take_memory(long mebibytes, int flags, long rate) {
  const double begin = seconds();
  long taken = 0;
  for (; taken < mebibytes; taken++) {
    char *start = map(mebibyte, PROT_READ | PROT_WRITE, flags);
    if (start == NULL) break;
    memset(start, 1, mebibyte);
    while (rate > 0 && seconds() < begin + (double)(taken + 1) / (double)rate) {
    }
  }
  return taken;
}

static void *idle(void *nothing) {
  (void)nothing;
  fixture_hang();
  return NULL;
}

static long take_threads(long count) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 64 << 10);
  long taken = 0;
  for (pthread_t thread; taken < count && pthread_create(&thread, &attributes, idle, NULL) == 0;) taken++;
  return taken;
}

static long take_files(long count, int *error) {
  int *files = calloc((size_t)count, sizeof(int));
  long taken = 0;
  errno = 0;
  while (taken < count && (files[taken] = open("/dev/null", O_RDONLY)) >= 0) taken++;
  *error = errno;
  for (long i = 0; i < taken; i++) close(files[i]);
  free(files);
  return taken;
}

/* A file that is gone with the call. */
static long write_file(long mebibytes, int *error) {
  char name[] = "/tmp/greedy-XXXXXX";
  const int file = mkstemp(name);
  *error = errno;
  if (file < 0) return -1;
  unlink(name);
  char *piece = calloc(1, mebibyte);
  long written = 0;
  errno = 0;
  while (written < mebibytes && write(file, piece, mebibyte) == (ssize_t)mebibyte) written++;
  /* Of a piece that reaches beyond the bound the beginning is written. */
  if (written < mebibytes && errno == 0) (void)!write(file, piece, mebibyte);
  *error = errno;
  free(piece);
  close(file);
  return written;
}

static void leave(int number) {
  (void)number;
  syscall(SYS_exit, 0);
}

/* The process goes on without its first thread. */
static long end_first_thread(void) {
  struct sigaction action = {.sa_handler = leave};
  if (sigaction(SIGUSR1, &action, NULL) != 0) return -1;
  return syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1) == 0 ? 1 : -1;
}

static long core_limit(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_CORE, &limit) == 0 ? (limit.rlim_cur > 1 ? 1 : 0) : -1;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  const long count = fixture_integer(call, "count", 0), rate = fixture_integer(call, "rate", 0);
  long taken = -1;
  int error = 0;
  if (is(call, "what", "memory")) taken = take_memory(count, MAP_PRIVATE, rate);
  if (is(call, "what", "shared")) taken = take_memory(count, MAP_SHARED, rate);
  if (is(call, "what", "threads")) taken = take_threads(count);
  if (is(call, "what", "files")) taken = take_files(count, &error);
  if (is(call, "what", "file")) taken = write_file(count, &error);
  if (is(call, "what", "core")) taken = core_limit();
  if (is(call, "what", "first thread")) taken = end_first_thread();
  /* As Go, Java and Python do: address space by the terabyte, of which hardly any is ever used. */
  if (is(call, "what", "reserve")) {
    taken = map((size_t)count * mebibyte, PROT_NONE, MAP_PRIVATE | MAP_NORESERVE) != NULL;
  }
  if (is(call, "what", "wall")) taken = map((size_t)count * mebibyte, PROT_READ | PROT_WRITE, MAP_PRIVATE) != NULL;
  fixture_wait(fixture_integer(call, "milliseconds", 0));
  char text[96];
  snprintf(text, sizeof text, "{\"taken\":%ld,\"error\":\"%s\"}", taken,
           error == EMFILE ? "EMFILE" : error == EFBIG ? "EFBIG" : error == 0 ? "" : "another");
  return fixture_answer(result, text);
}

#ifdef GREEDY_AT_ONCE
__attribute__((constructor)) static void at_once(void) {
  take_memory(1 << 20, MAP_SHARED, 1000);
  fixture_hang();
}
#endif

static const tool_descriptor tool = {DESCRIBE("take", HARMLESS), .timeout_ms = 20000};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("greedy", tools), .invoke = invoke};
EXPORT(pack)
