/* Deeds against the system as a whole, and what the process has of it. */
#ifndef BREAKOUT_SYSTEM_H
#define BREAKOUT_SYSTEM_H

#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <linux/perf_event.h>
#include <mqueue.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>

#include "attempt.h"

extern char **environ;

/* Of what a process was begun with, too, wherever its memory of that is by now. */
static bool find_variable(attempt *it) {
  char bytes[1 << 16];
  const size_t size = strlen(it->text);
  const int file = open("/proc/self/environ", O_RDONLY | O_CLOEXEC);
  const ssize_t count = file < 0 ? 0 : read(file, bytes, sizeof bytes);
  if (file >= 0) close(file);
  for (ssize_t at = 0; at < count; at += (ssize_t)strnlen(bytes + at, (size_t)(count - at)) + 1)
    if (strncmp(bytes + at, it->text, size) == 0 && bytes[at + (ssize_t)size] == '=') return true;
  for (char **entry = environ; *entry != NULL; entry++)
    if (strncmp(*entry, it->text, size) == 0 && (*entry)[size] == '=') return true;
  return refuse(it, "absent");
}

/* Names in the environment, all of them. */
static bool list_variables(attempt *it) {
  size_t at = 0;
  for (char **entry = environ; *entry != NULL && at + 64 < sizeof it->detail; entry++)
    at += (size_t)snprintf(it->detail + at, sizeof it->detail - at, "%s%.*s", at == 0 ? "" : " ",
                           (int)strcspn(*entry, "=\"\\"), *entry);
  return true;
}

/* Descriptors that were not made for the pack: all but what is its input and output, its pipes to and from the
   host, and the memory that it shares with that. One of its own proves that they are found. */
static bool find_descriptors(attempt *it) {
  const int control = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  int strangers = 0;
  bool has_control = false;
  for (int number = 0; number < 1024; number++) {
    char name[64], target[256] = "";
    snprintf(name, sizeof name, "/proc/self/fd/%d", number);
    const ssize_t size = readlink(name, target, sizeof target - 1);
    if (size < 0) continue;
    if (number == control) {
      has_control = strstr(target, "/status") != NULL;
      continue;
    }
    if (number == 0 && strcmp(target, "/dev/null") == 0) continue;
    if (strncmp(target, "pipe:", 5) == 0) continue;
    if (number == 5 && strncmp(target, "/memfd:", 7) == 0) continue;
    strangers++;
    tell(it, "%d is %s", number, target);
  }
  close(control);
  if (!has_control) return refuse(it, "blind");
  return strangers > 0 ? true : refuse(it, "none");
}

static bool has_capabilities(attempt *it) {
  char line[256];
  unsigned long long set = 0, bounds = 0;
  FILE *status = fopen("/proc/self/status", "r");
  if (status == NULL) return false;
  while (fgets(line, sizeof line, status) != NULL) {
    if (strncmp(line, "CapEff:", 7) == 0 || strncmp(line, "CapPrm:", 7) == 0) set |= strtoull(line + 7, NULL, 16);
    if (strncmp(line, "CapBnd:", 7) == 0) bounds = strtoull(line + 7, NULL, 16);
  }
  fclose(status);
  tell(it, "%llx of %llx", set, bounds);
  return set != 0 ? true : refuse(it, "none");
}

static bool may_gain_privileges(attempt *it) {
  return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0 ? true : refuse(it, "no_new_privs");
}

/* Of this thread alone, and back again. */
static bool become_other(attempt *it) {
  (void)it;
  if (syscall(SYS_setresuid, -1, 65534, -1) != 0) return false;
  return syscall(SYS_setresuid, -1, 0, -1) == 0;
}

static bool set_up_ring(attempt *it) {
  unsigned char parameters[120] = {0};
  (void)it;
  return opened((int)syscall(SYS_io_uring_setup, 1, parameters));
}

static bool set_up_queue(attempt *it) {
  unsigned long queue = 0;
  (void)it;
  return syscall(SYS_io_setup, 1, &queue) == 0 && syscall(SYS_io_destroy, queue) == 0;
}

static bool part_with_descriptors(attempt *it) {
  (void)it;
  return syscall(SYS_close_range, 1000, 1000, 2 /* CLOSE_RANGE_UNSHARE */) == 0;
}
/* In a child, since the thread would have no part in what the others open. */
static bool own_descriptors(attempt *it) { return in_child(it, part_with_descriptors); }

static bool mount_memory(attempt *it) {
  if (mount("none", it->path, "tmpfs", 0, NULL) != 0) return false;
  return umount2(it->path, MNT_DETACH) == 0;
}

static bool change_root(attempt *it) { return chroot(it->path) == 0; }

static bool enter_namespace(attempt *it) {
  const int space = open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC);
  (void)it;
  if (space < 0) return false;
  const int result = setns(space, 0), code = errno;
  close(space);
  errno = code;
  return result == 0;
}

/* To what it is. */
static bool set_clock(attempt *it) {
  struct timespec now;
  (void)it;
  return clock_gettime(CLOCK_REALTIME, &now) == 0 && clock_settime(CLOCK_REALTIME, &now) == 0;
}

static bool set_name(attempt *it) {
  char name[256] = "";
  (void)it;
  return gethostname(name, sizeof name - 1) == 0 && sethostname(name, strlen(name)) == 0;
}

static bool read_kernel_log(attempt *it) {
  (void)it;
  return klogctl(10 /* SYSLOG_ACTION_SIZE_BUFFER */, NULL, 0) > 0;
}

static bool add_key_of_process(attempt *it) {
  (void)it;
  return syscall(SYS_add_key, "user", "breakout", "x", 1, KEY_SPEC_PROCESS_KEYRING) > 0;
}

static bool find_keyring(attempt *it) {
  (void)it;
  return syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1) > 0;
}

static bool load_map(attempt *it) {
  union bpf_attr attributes;
  (void)it;
  memset(&attributes, 0, sizeof attributes);
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = attributes.value_size = 4;
  attributes.max_entries = 1;
  return opened((int)syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof attributes));
}

static bool count_events(attempt *it) {
  struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE, .size = sizeof attributes,
                                       .config = PERF_COUNT_SW_TASK_CLOCK, .exclude_kernel = 1, .exclude_hv = 1};
  return opened((int)syscall(SYS_perf_event_open, &attributes, it->pid, -1, -1, 0));
}

static bool handle_faults(attempt *it) {
  (void)it;
  return opened((int)syscall(SYS_userfaultfd, O_CLOEXEC | 1 /* UFFD_USER_MODE_ONLY */));
}

static bool share_memory(attempt *it) {
  (void)it;
  const int segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
  return segment >= 0 && shmctl(segment, IPC_RMID, NULL) == 0;
}

/* number is a segment that somebody else has made. */
static bool attach_memory(attempt *it) {
  void *bytes = shmat((int)it->number, NULL, SHM_RDONLY);
  return bytes != (void *)-1 && shmdt(bytes) == 0;
}

static bool make_semaphore(attempt *it) {
  (void)it;
  const int set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  return set >= 0 && semctl(set, 0, IPC_RMID) == 0;
}

static bool make_queue(attempt *it) {
  (void)it;
  const int queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
  return queue >= 0 && msgctl(queue, IPC_RMID, NULL) == 0;
}

static bool make_named_queue(attempt *it) {
  const mqd_t queue = mq_open(it->text, O_RDWR | O_CREAT, 0600, NULL);
  if (queue == (mqd_t)-1) return false;
  mq_close(queue);
  return mq_unlink(it->text) == 0;
}

static bool make_memory_file(attempt *it) {
  (void)it;
  const int file = memfd_create("breakout", MFD_CLOEXEC);
  const bool got = file >= 0 && ftruncate(file, 4096) == 0;
  return opened(file) && got;
}

static bool hide_memory(attempt *it) {
  (void)it;
  return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0;
}

static bool outlive_host(attempt *it) {
  (void)it;
  return prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0) == 0;
}

static bool change_personality(attempt *it) {
  (void)it;
  const int now = personality(0xFFFFFFFF);
  if (now < 0 || personality((unsigned long)now | ADDR_NO_RANDOMIZE) < 0) return false;
  return personality((unsigned long)now) >= 0;
}

/* Types into a terminal of its own, as whoever has the host's types into that. */
static bool type_into_terminal(attempt *it) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  (void)it;
  if (master < 0) return false;
  bool got = grantpt(master) == 0 && unlockpt(master) == 0;
  const char *name = got ? ptsname(master) : NULL;
  const int slave = name == NULL ? -1 : open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  got = slave >= 0 && ioctl(slave, TIOCSTI, "x") == 0;
  const int code = errno;
  if (slave >= 0) close(slave);
  close(master);
  errno = code;
  return got;
}

/* number is a request, made of what is no terminal: whoever may ask gets ENOTTY. */
static bool control_input(attempt *it) {
  char byte = 'x';
  return ioctl(STDIN_FILENO, (unsigned long)it->number, &byte) == 0;
}

#endif
