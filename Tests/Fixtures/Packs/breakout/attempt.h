/* One deed: what it is told, and what it tells. */
#ifndef BREAKOUT_ATTEMPT_H
#define BREAKOUT_ATTEMPT_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>

#include "../fixture.h"

typedef struct attempt {
  char path[PATH_MAX], other[PATH_MAX], text[1024];
  long pid, number;
  /* In place of the name of errno, where it is not the system that said no. */
  const char *reason;
  char detail[1024];
} attempt;

/* Whether it was done; else errno says why not. */
typedef bool (*deed)(attempt *);

__attribute__((format(printf, 2, 3))) static inline void tell(attempt *it, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(it->detail, sizeof it->detail, format, arguments);
  va_end(arguments);
}

/* No, for a reason that is not the system's. */
static inline bool refuse(attempt *it, const char *reason) {
  it->reason = reason;
  return false;
}

/* Closes what was opened for its own sake. */
static inline bool opened(int descriptor) {
  if (descriptor < 0) return false;
  close(descriptor);
  return true;
}

/* Does it in a child where the system has one to give, else right here. */
static inline bool in_child(attempt *it, deed body) {
  const pid_t child = fork();
  if (child < 0) return body(it);
  if (child == 0) _exit(body(it) ? 0 : errno);
  int status = 0;
  if (waitpid(child, &status, 0) != child) return false;
  errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  return errno == 0;
}

#endif
