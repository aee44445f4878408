/* The order in which a process of a pack gives up what it could do. */
#include "confinement.h"

#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "landlock.h"
#include "system_calls.h"

/* A thread that is there already would keep all that it has. */
static int is_alone(void) {
  DIR *const threads = opendir("/proc/self/task");
  if (threads == NULL) return 0;
  int count = 0;
  for (struct dirent *entry; (entry = readdir(threads)) != NULL;) count += entry->d_name[0] != '.';
  closedir(threads);
  return count == 1;
}

/* No program that it starts gains anything, and it has no capability itself, also as root. */
static int give_up_privileges(void) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  /* Who has no CAP_SETPCAP cannot drop these, and gains none of them by no_new_privs. */
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
    (void)prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
  (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  const struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
  if (syscall(SYS_capset, &header, none) != 0) return errno;
  struct __user_cap_data_struct left[2];
  if (syscall(SYS_capget, &header, left) != 0) return errno;
  for (int index = 0; index < 2; index++)
    if ((left[index].effective | left[index].permitted | left[index].inheritable) != 0) return EPERM;
  return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : EPERM;
}

int confine_process(const confinement *wanted, confinement_result *result) {
  *result = (confinement_result){.listener = -1};
  if (!is_alone()) {
    errno = EBUSY;
    return -1;
  }
  result->privilege_error = give_up_privileges();
  const int kernel = kernel_landlock();
  const int version = kernel < wanted->landlock_limit ? kernel : wanted->landlock_limit;
  if (version == 0) {
    result->landlock_error = kernel == 0 ? ENOSYS : 0;
  } else {
    result->landlock_error = hold_to_paths(wanted, version);
    if (result->landlock_error == 0) result->landlock_version = version;
  }
  result->system_call_error = hold_to_system_calls(wanted, result);
  return 0;
}
