/* Becomes a program that runs under a filter of system calls which somebody listens to, as in some containers: a second
   listener is not to be had (EBUSY). The listener stays open in the program, and hears of a call that nobody makes.
   Usage: filter_listener PROGRAM [ARGUMENT...] */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int fail(const char *what, int code) {
  fprintf(stderr, "filter_listener: %s: %s\n", what, strerror(code));
  return 1;
}

int main(int count, char **words) {
  if (count < 2) return fail("arguments", EINVAL);
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (filter == NULL) return fail("filter", ENOMEM);
  int code = seccomp_rule_add(filter, SCMP_ACT_NOTIFY, SCMP_SYS(swapoff), 0);
  if (code == 0) code = seccomp_load(filter);
  if (code != 0) return fail("seccomp", -code);
  const int listener = seccomp_notify_fd(filter);
  if (listener < 0 || fcntl(listener, F_SETFD, 0) != 0) return fail("listener", errno);
  execv(words[1], words + 1);
  return fail(words[1], errno);
}
