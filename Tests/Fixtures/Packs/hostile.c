/* Does what no pack may do, in the way that "how" names, and answers where it can; the host and the other packs are to
 * go on. `hostile_late` is `hostile` with little time. With config.how "scribble" it fills whatever memory it shares
 * with the host with nonsense, from its start on. */
#define _GNU_SOURCE
#include "fixture.h"

#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

static const tool_host *host;

static int is(const tool_call *call, const char *how) {
  const char *found = fixture_find(call, "how");
  return found != NULL && strncmp(found + 1, how, strlen(how)) == 0 && found[1 + strlen(how)] == '"';
}

/* Two bytes at the end of all memory that is there. */
static const uint8_t *two_bytes(void) {
  const long page = sysconf(_SC_PAGESIZE);
  uint8_t *pages = mmap(NULL, 2 * (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(pages + page, (size_t)page);
  memcpy(pages + page - 2, "{}", 2);
  return pages + page - 2;
}

static tool_status claim(tool_result *result, const void *data, uint64_t size) {
  result->content = (tool_bytes){data, size, NULL, NULL};
  return TOOL_OK;
}

static tool_status nest(tool_result *result) {
  const size_t depth = 100000;
  char *json = malloc(5 + 2 * depth + 1);
  memcpy(json, "{\"a\":", 5);
  memset(json + 5, '[', depth);
  memset(json + 5 + depth, ']', depth);
  json[5 + 2 * depth] = '}';
  result->content = (tool_bytes){(uint8_t *)json, 5 + 2 * depth + 1, fixture_free, NULL};
  return TOOL_OK;
}

/* Where the host has its pipes to wake it by, behind those by which it talks to the process. */
enum { first_bell = 6 };

static void close_descriptors(int first) {
  for (int descriptor = first; descriptor < 200; descriptor++) close(descriptor);
}

/* What is written there is lost from now on, and nobody learns it. */
static void replace_descriptors(void) {
  close_descriptors(first_bell);
  while (open("/dev/null", O_RDWR) < 199) {
  }
}

static void *rest(void *nothing) {
  fixture_hang();
  return nothing;
}

static long start_threads(long count) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN + 16384);
  long made = 0;
  while (made < count && pthread_create(&thread, &attributes, rest, NULL) == 0) made++;
  return made;
}

static void say(const tool_call *call, const char *text) {
  const tool_str message = {text, strlen(text)};
  host->log(host->host, call->id, TOOL_LOG_ERROR, &message, NULL, 0);
}

static void forge(const tool_call *call) {
  const char *line = "{\"level\":\"critical\",\"message\":\"forged\"}\n";
  for (int descriptor = 1; descriptor <= 2; descriptor++) (void)!write(descriptor, line, strlen(line));
  say(call, "one\n{\"level\":\"critical\",\"message\":\"forged\"}\n");
}

/* The whole block of the call, as far as it is known. */
static void overwrite(const tool_call *call) {
  memset((char *)(uintptr_t)call->arguments.data, 0xFF, call->arguments.size);
  memset((char *)(uintptr_t)call->request_id.data, 0xFF, call->request_id.size);
  memset((tool_call *)(uintptr_t)call, 0xFF, sizeof(tool_call));
}

static struct { volatile uint64_t *start; size_t count; } shared[16];
static int shared_count;

static void find_shared(void) {
  char line[1024];
  FILE *maps = fopen("/proc/self/maps", "r");
  while (maps != NULL && shared_count < 16 && fgets(line, sizeof line, maps) != NULL) {
    unsigned long first, last;
    if (strstr(line, "memfd:toolhost-pack") == NULL || sscanf(line, "%lx-%lx", &first, &last) != 2) continue;
    shared[shared_count].start = (volatile uint64_t *)(uintptr_t)first;
    shared[shared_count++].count = (last - first) / sizeof(uint64_t);
  }
  if (maps != NULL) fclose(maps);
}

/* xorshift64*, by Sebastiano Vigna. */
static uint64_t next_number(uint64_t *state) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return *state * 2685821657736338717U;
}

/* Whether the host may be woken by it. */
static int is_bell(int descriptor) {
  char name[64], target[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", descriptor);
  const ssize_t size = readlink(name, target, sizeof target - 1);
  if (size <= 0) return 0;
  target[size] = 0;
  return strstr(target, "eventfd") != NULL || strncmp(target, "pipe:", 5) == 0;
}

static void wake_host(void) {
  const uint64_t one = 1;
  for (int descriptor = first_bell; descriptor < 40; descriptor++) {
    if (is_bell(descriptor)) (void)!write(descriptor, &one, sizeof one);
  }
}

/* Wakes the host, and takes the reason away where both have the same file: the host would look for it for ever. */
static void *wake_in_vain(void *number) {
  const int descriptor = (int)(uintptr_t)number;
  uint64_t one = 1;
  for (;;) {
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
    (void)!write(descriptor, &one, sizeof one);
    (void)!read(descriptor, &one, sizeof one);
    fcntl(descriptor, F_SETFL, 0);
  }
  return NULL;
}

/* Wakes the host as often as can be, and has nothing for it. */
static void *ring(void *nothing) {
  for (;;) wake_host();
  return nothing;
}

/* Says more than anybody can read. */
static void *talk(void *nothing) {
  static char words[1 << 16];
  memset(words, 'a', sizeof words);
  for (;;) (void)!write(1, words, sizeof words);
  return nothing;
}

static void in_background(void *(*run)(void *)) {
  pthread_t thread;
  pthread_create(&thread, NULL, run, NULL);
}

/* Takes away what the host was woken by, and lets that come to an end and go on, again and again. */
static void end_bells(void) {
  for (int bell = first_bell; bell < 40; bell++) {
    if (!is_bell(bell)) continue;
    char name[64];
    snprintf(name, sizeof name, "/proc/self/fd/%d", bell);
    const int reading = open(name, O_RDONLY | O_NONBLOCK);
    for (int turn = 0; turn < 2000; turn++) {
      uint64_t one = 1;
      (void)!write(bell, &one, sizeof one);
      (void)!read(reading, &one, sizeof one);
    }
    snprintf(name, sizeof name, "/proc/self/fd/%d", reading);
    close(bell);
    for (int turn = 0; turn < 20000; turn++) close(open(name, O_WRONLY | O_NONBLOCK));
    const int writing = open(name, O_WRONLY | O_NONBLOCK);
    if (writing != bell) {
      dup2(writing, bell);
      close(writing);
    }
    close(reading);
  }
}

static void disturb_bells(void) {
  pthread_t thread;
  for (int descriptor = first_bell; descriptor < 40; descriptor++) {
    if (is_bell(descriptor)) pthread_create(&thread, NULL, wake_in_vain, (void *)(uintptr_t)descriptor);
  }
}

/* Mostly where the rings are, at the beginning; nonsense, small numbers, and what is nearly right. */
static void *scribble(void *seed) {
  uint64_t state = (uintptr_t)seed * 7919 + (uint64_t)getpid();
  fixture_wait((long)(next_number(&state) % 40));
  for (unsigned turn = 1;; turn++) {
    for (int i = 0; i < shared_count; i++) {
      const size_t near = shared[i].count < 262144 ? shared[i].count : 262144;
      const uint64_t choice = next_number(&state);
      volatile uint64_t *place = shared[i].start + next_number(&state) % (choice & 7 ? near : shared[i].count);
      switch (choice >> 8 & 3) {
        case 0: *place = next_number(&state); break;
        case 1: *place = next_number(&state) % 64; break;
        case 2: *place += 1; break;
        default: *place = 0;
      }
    }
    if (turn % 4096 == 0) wake_host();
  }
  return NULL;
}

/* Watches a few files a great many times: each instance by each number that each of them was known by. */
static long watch_again_and_again(void) {
  enum { most = 20 };
  int instances[most], files[most];
  for (int index = 0; index < most; index++) {
    instances[index] = epoll_create1(EPOLL_CLOEXEC);
    files[index] = eventfd(0, EFD_CLOEXEC);
  }
  const int first = files[most - 1] + 1;
  long count = 0;
  for (int number = first; number < first + most; number++)
    for (int file = 0; file < most && dup2(files[file], number) == number; file++)
      for (int index = 0; index < most; index++) {
        struct epoll_event event = {.events = EPOLLIN};
        count += epoll_ctl(instances[index], EPOLL_CTL_ADD, number, &event) == 0;
      }
  return count;
}

/* As many as there may be, of which each keeps a place for its signal. */
static long make_timers(void) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
  timer_t timer;
  long count = 0;
  while (count < 1000000 && timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) count++;
  return count;
}

static ssize_t send_descriptors(int socket, int descriptor, int count) {
  union {
    char room[CMSG_SPACE(253 * sizeof(int))];
    struct cmsghdr head;
  } control;
  memset(&control, 0, sizeof control);
  struct iovec content = {"x", 1};
  struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1, .msg_control = &control,
                           .msg_controllen = CMSG_SPACE((size_t)count * sizeof(int))};
  control.head.cmsg_level = SOL_SOCKET;
  control.head.cmsg_type = SCM_RIGHTS;
  control.head.cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
  for (int index = 0; index < count; index++) ((int *)CMSG_DATA(&control.head))[index] = descriptor;
  return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Leaves as many descriptors on the way between sockets of its own as its user may have there. */
static long fill_the_way(void) {
  long count = 0;
  int ends[2];
  for (int pair = 0; pair < 8 && socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0; pair++)
    for (int turn = 0; turn < 40; turn++, count += 253)
      if (send_descriptors(ends[0], 0, 253) < 0) break;
  return count;
}

/* A connection with words in it that nobody reads: whoever closes it last waits for that. */
static int lingering_connection(void) {
  struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof place;
  const int listening = socket(AF_INET, SOCK_STREAM, 0), calling = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listening, (struct sockaddr *)&place, size) != 0 || listen(listening, 1) != 0 ||
      getsockname(listening, (struct sockaddr *)&place, &size) != 0 ||
      connect(calling, (struct sockaddr *)&place, size) != 0 || accept(listening, NULL, NULL) < 0)
    return -1;
  static const char words[1 << 16];
  while (send(calling, words, sizeof words, MSG_DONTWAIT) > 0) {
  }
  const struct linger linger = {1, 600};
  return setsockopt(calling, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0 ? calling : -1;
}

/* Has the host close it, by whatever socket leads there. */
static tool_status hand_over(void) {
  const int connection = lingering_connection();
  if (connection < 0) return TOOL_E_INTERNAL;
  for (int descriptor = 3; descriptor < 40; descriptor++) {
    int domain = 0;
    socklen_t size = sizeof domain;
    if (getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_UNIX) continue;
    /* Else it is this process that waits. */
    if (send_descriptors(descriptor, connection, 1) > 0) close(connection);
  }
  return TOOL_OK;
}

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)deadline_ns, (void)pack, (void)error;
  host = given;
  pthread_t thread;
  if (memmem(config->data, config->size, "\"scribble\"", 10) == NULL) return TOOL_OK;
  find_shared();
  if (shared_count == 0) return TOOL_E_UNAVAILABLE;
  return pthread_create(&thread, NULL, scribble, (void *)(uintptr_t)deadline_ns) == 0 ? TOOL_OK : TOOL_E_UNAVAILABLE;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  if (is(call, "claim")) return claim(result, two_bytes(), 8 << 20);
  if (is(call, "null")) return claim(result, NULL, 10);
  if (is(call, "2 GiB")) return claim(result, "{}", UINT64_C(2) << 30);
  if (is(call, "2^64-1")) return claim(result, "{}", UINT64_MAX);
  if (is(call, "depth")) return nest(result);
  if (is(call, "status")) return (tool_status)77;
  if (is(call, "message")) {
    result->message = (tool_bytes){(const uint8_t *)8, 5, NULL, NULL};
    return TOOL_E_CONFLICT;
  }
  if (is(call, "pending")) {
    result->content = fixture_text("{}");
    return TOOL_PENDING;
  }
  if (is(call, "descriptors")) close_descriptors(3);
  if (is(call, "other descriptors")) replace_descriptors();
  if (is(call, "threads")) {
    char out[64];
    snprintf(out, sizeof out, "{\"threads\":%ld}", start_threads(2000));
    return fixture_answer(result, out);
  }
  if (is(call, "surroundings")) {
    umask(0777);
    if (chdir("/") != 0) return TOOL_E_INTERNAL;
  }
  if (is(call, "watches")) {
    char out[64];
    snprintf(out, sizeof out, "{\"watches\":%ld}", watch_again_and_again());
    return fixture_answer(result, out);
  }
  if (is(call, "timers")) {
    char out[64];
    snprintf(out, sizeof out, "{\"timers\":%ld}", make_timers());
    return fixture_answer(result, out);
  }
  if (is(call, "way")) {
    char out[64];
    snprintf(out, sizeof out, "{\"descriptors\":%ld}", fill_the_way());
    return fixture_answer(result, out);
  }
  if (is(call, "connection") && hand_over() != TOOL_OK) return TOOL_E_INTERNAL;
  if (is(call, "forge")) forge(call);
  if (is(call, "flood")) {
    for (int count = 0; count < 200000; count++) say(call, "one line of very many");
  }
  if (is(call, "bells")) disturb_bells();
  if (is(call, "trace") && ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) return TOOL_E_INTERNAL;
  if (is(call, "ring")) in_background(ring);
  if (is(call, "talk")) in_background(talk);
  if (is(call, "end bells")) end_bells();
  if (is(call, "arguments")) overwrite(call);
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("hostile", HARMLESS), .timeout_ms = 20000};
static const tool_descriptor late = {DESCRIBE("hostile_late", HARMLESS), .timeout_ms = 300};
static const tool_descriptor *const tools[] = {&tool, &late};
static const tool_pack pack = {
    PACK("hostile", tools),
    .config_schema = STR("{\"type\":\"object\",\"properties\":{\"how\":{\"type\":\"string\"}}}"),
    .start = start, .invoke = invoke,
};
EXPORT(pack)
