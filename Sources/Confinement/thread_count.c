#define _GNU_SOURCE
#include "thread_count.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static int put(const char *path, const char *text) {
  const int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return -1;
  const ssize_t written = write(file, text, strlen(text));
  close(file);
  return written < 0 ? -1 : 0;
}

/* Since Linux 5.14; before, threads are counted over all processes of the user all the same. */
static int counts_by_namespace(void) {
  struct utsname system;
  int major = 0, minor = 0;
  return uname(&system) == 0 && sscanf(system.release, "%d.%d", &major, &minor) == 2 &&
         (major > 5 || (major == 5 && minor >= 14));
}

static int move_apart(void) {
  const unsigned user = geteuid(), group = getegid();
  if (unshare(CLONE_NEWUSER) != 0) return errno;
  char map[64];
  snprintf(map, sizeof map, "%u %u 1", user, user);
  if (put("/proc/self/uid_map", map) != 0 || put("/proc/self/setgroups", "deny") != 0) return errno;
  snprintf(map, sizeof map, "%u %u 1", group, group);
  return put("/proc/self/gid_map", map) == 0 ? 0 : errno;
}

/* There is no way back, and whoever has no name in such a namespace cannot make a file (EOVERFLOW): some systems give
   namespaces to everybody and names to nobody. */
static int try_in_a_child(void) {
  const pid_t child = fork();
  if (child == 0) _exit(move_apart());
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return errno;
  }
  if (child < 0) return errno;
  return WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
}

int count_threads_apart(void) {
  /* Bounds on threads do not hold for root, in whichever namespace. */
  if (geteuid() == 0) return EPERM;
  if (!counts_by_namespace()) return ENOSYS;
  const int error = try_in_a_child();
  return error != 0 ? error : move_apart();
}
