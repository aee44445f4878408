#define _GNU_SOURCE
#include "signal_pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "crash_blame.h"
#include "crash_note.h"

static int ends[2] = {-1, -1};
/* A child that a pack forks has its parent's handlers, and its pipe. */
static pid_t reader;
/* Whether news of a number are in the pipe: so it never holds more than one of each, and is never full. */
static atomic_bool is_waiting[NSIG];
static char asks_for_stop[NSIG];
/* When the first signal came that asks for a stop, in nanoseconds since the machine started; 0: none did. */
static atomic_llong stop_asked;

static long long now(void) {
  struct timespec time = {0};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* A child ends, or goes on, as it would without the host. */
static void stand_back(int number) {
  const struct sigaction usual = {.sa_handler = SIG_DFL};
  sigaction(number, &usual, NULL);
  syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
}

static void end_if_asked_again(void) {
  long long first = 0;
  const long long time = now();
  if (atomic_compare_exchange_strong(&stop_asked, &first, time)) return;
  if (time - first < signal_pipe_patience * 1000000000LL) return;
  crash_note_say("a second signal asks for the end: the process ends at once");
  syscall(SYS_exit_group, 1);
}

static void send_news(const signal_news *news) {
  if (atomic_exchange(&is_waiting[news->number], 1)) return;
  ssize_t written;
  do written = write(ends[1], news, sizeof *news);
  while (written < 0 && errno == EINTR);
}

void signal_pipe_give_up(void) { send_news(&(signal_news){.number = 0}); }

int signal_pipe_is_stop_asked(void) { return atomic_load(&stop_asked) != 0; }

static void handle(int number, siginfo_t *info, void *context) {
  const int error = errno;
  if (getpid() != reader) {
    stand_back(number);
  } else {
    /* kill, raise and sigqueue name their sender; timers and limits are nobody's. */
    const int is_sent = info->si_code == SI_USER || info->si_code == SI_TKILL || info->si_code == SI_QUEUE;
    /* Timers and queues that signal can only be this process's own. */
    const int is_timed = info->si_code == SI_TIMER || info->si_code == SI_MESGQ || info->si_code == SI_ASYNCIO;
    signal_news news = {.number = number, .is_own = is_timed || (is_sent && info->si_pid == reader)};
    /* One that was sent to the process may have come to any of its threads. */
    if (news.is_own && info->si_code == SI_TKILL) {
      const tool_str *pack = crash_note_pack(context);
      if (pack != NULL) {
        news.pack = *pack;
        /* Of a start that is ended so nobody else would know. */
        if (asks_for_stop[number]) crash_blame(*pack, "a signal to itself");
      }
    }
    if (asks_for_stop[number]) end_if_asked_again();
    send_news(&news);
  }
  errno = error;
}

int signal_pipe_open(void) {
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return errno;
  reader = getpid();
  return 0;
}

int signal_pipe_catch(int number, int asks) {
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  asks_for_stop[number] = asks != 0;
  if (sigaction(number, &action, NULL) != 0) return errno;
  /* Whoever started this process may have blocked it. */
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  return pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int signal_pipe_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && !(action.sa_flags & SA_SIGINFO) && action.sa_handler == SIG_IGN;
}

int signal_pipe_read(signal_news *news, int milliseconds) {
  const long long end = now() + milliseconds * 1000000LL;
  for (;;) {
    const ssize_t count = read(ends[0], news, sizeof *news);
    if (count == (ssize_t)sizeof *news) {
      atomic_store(&is_waiting[news->number], 0);
      return 1;
    }
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return -1;
    const long long left = milliseconds < 0 ? -1 : (end - now() + 999999) / 1000000;
    if (milliseconds >= 0 && left <= 0) return 0;
    struct pollfd ready = {.fd = ends[0], .events = POLLIN};
    poll(&ready, 1, (int)left);
  }
}
