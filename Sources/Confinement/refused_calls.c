/* The host's side of refused system calls: who asked for what, and the answer (seccomp_unotify(2)). */
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "confinement.h"

int next_refused_call(int listener, refused_call *call) {
  /* Newer kernels have more to say, and take a larger buffer for it. */
  union {
    struct seccomp_notif news;
    char room[512];
  } buffer;
  memset(&buffer, 0, sizeof buffer);
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &buffer.news) != 0) return -1;
  *call = (refused_call){.id = buffer.news.id, .thread = (int32_t)buffer.news.pid};
  for (int index = 0; index < 6; index++) call->arguments[index] = buffer.news.data.args[index];
  char *const name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), buffer.news.data.nr);
  if (name != NULL) strncpy(call->name, name, sizeof call->name - 1);
  free(name);
  return 0;
}

void answer_refused_call(int listener, uint64_t id, int lets, int error) {
  struct seccomp_notif_resp answer = {.id = id};
  if (lets)
    answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
  else
    answer.error = -error;
  /* Whoever asked may be gone. */
  (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
}
