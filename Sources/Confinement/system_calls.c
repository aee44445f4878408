/* What a process of a pack may not ask the kernel for.

   The list names what is refused, since packs bring runtimes of their own, which ask for this and that. Where it
   depends on whom a call is about, such as a thread of the process itself, whoever listens decides. */
#define _GNU_SOURCE
#include "system_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The newest system call that was looked at for this list (set_mempolicy_home_node, Linux 5.17). Whatever came later is
   answered ENOSYS, as by an older kernel, for which every library has another way. */
enum { newest_known = 450 };

/* Of the second argument of socketpair, beside its flags. */
enum { socket_type = 0xF };

static const char *const refused_always[] = {
    /* other processes: their memory, their descriptors, and what they are told */
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_getfd",
    /* the system */
    "mount", "umount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount",
    "fspick", "mount_setattr", "swapon", "swapoff", "reboot", "sethostname", "setdomainname", "init_module",
    "finit_module", "delete_module", "create_module", "kexec_load", "kexec_file_load", "acct", "quotactl",
    "quotactl_fd", "settimeofday", "stime", "clock_settime", "clock_settime64", "clock_adjtime", "clock_adjtime64",
    "adjtimex", "iopl", "ioperm", "vhangup", "syslog", "uselib", "nfsservctl", "lookup_dcookie", "_sysctl", "sysfs",
    "unshare", "setns",
    /* ways around what is checked here, or with many faults so far */
    "io_uring_setup", "io_uring_enter", "io_uring_register", "io_setup", "bpf", "perf_event_open", "userfaultfd",
    "fanotify_init", "fanotify_mark", "name_to_handle_at", "open_by_handle_at",
    /* keys and memory that belong to the user, and not to a process */
    "keyctl", "add_key", "request_key", "shmget", "shmat", "shmctl", "shmdt", "semget", "semop", "semtimedop", "semctl",
    "msgget", "msgsnd", "msgrcv", "msgctl", "ipc", "mq_open", "mq_unlink",
    /* Landlock knows nothing of them: modes, owners, times and attributes of files that are named by a path, or open to
       be read; of what the user owns, which is the whole system for root */
    "chmod", "fchmodat", "fchmodat2", "fchmod", "chown", "chown32", "lchown", "lchown32", "fchownat", "setxattr",
    "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr", "utime", "utimes", "futimesat",
    "utimensat", "utimensat_time64"};

/* SQLite asks for it with each file where it runs as root, and does not mind: nobody has to be told. */
static const char *const refused_quietly[] = {"fchown", "fchown32"};

/* The same of flags that a file system keeps. */
static const uint32_t flag_requests[] = {0x40086602 /* FS_IOC_SETFLAGS */, 0x401C5820 /* FS_IOC_FSSETXATTR */,
                                         0x40806685 /* FS_IOC_ENABLE_VERITY */};

static const char *const refused_without_processes[] = {"fork", "vfork", "execve", "execveat"};

/* Signals, where Landlock leaves them to us. */
static const char *const signals_to_processes[] = {"kill", "tgkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo"};

/* About the thread whose number comes first; 0 is the calling one. */
static const char *const about_threads[] = {"prlimit64", "sched_setaffinity", "sched_setparam", "sched_setscheduler",
                                            "sched_setattr", "move_pages", "migrate_pages"};

/* A lease makes whoever opens the file wait, whoever that is, and it takes no more than being able to read the file. */
static const uint32_t file_watches[] = {F_SETLEASE, F_NOTIFY,
                                        1040 /* F_SETDELEG of Linux 6.19: the same of folders, too */};

#define COUNT(list) (sizeof(list) / sizeof *(list))

/* A rule that was wanted; the first error stays. */
typedef struct builder {
  scmp_filter_ctx filter;
  uint32_t refusal;
  int error;
} builder;

static void add(builder *to, uint32_t action, const char *name, unsigned count,
                const struct scmp_arg_cmp *conditions) {
  const int number = seccomp_syscall_resolve_name(name);
  /* A negative one is none of this machine's. */
  if (number < 0 || to->error != 0) return;
  const int result = seccomp_rule_add_array(to->filter, action, number, count, conditions);
  if (result != 0 && result != -EEXIST) to->error = -result;
}

static void refuse(builder *to, const char *name) { add(to, to->refusal, name, 0, NULL); }

static void refuse_if(builder *to, const char *name, struct scmp_arg_cmp condition) {
  add(to, to->refusal, name, 1, &condition);
}

static void refuse_if_both(builder *to, const char *name, struct scmp_arg_cmp first, struct scmp_arg_cmp second) {
  const struct scmp_arg_cmp conditions[] = {first, second};
  add(to, to->refusal, name, COUNT(conditions), conditions);
}

static void refuse_all(builder *to, const char *const *names, size_t count) {
  for (size_t index = 0; index < count; index++) refuse(to, names[index]);
}

/* Arguments of 32 bits: what stands above them is nobody's business, and the kernel looks at none of it. */
static struct scmp_arg_cmp is(unsigned argument, uint32_t value) {
  return SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, UINT32_MAX, value);
}

static struct scmp_arg_cmp has_bits(unsigned argument, uint64_t mask, uint64_t value) {
  return SCMP_CMP64(argument, SCMP_CMP_MASKED_EQ, mask, value);
}

static struct scmp_arg_cmp is_not(unsigned argument, uint64_t value) {
  return SCMP_CMP64(argument, SCMP_CMP_NE, value);
}

static void refuse_sockets(builder *to, confined_network network) {
  refuse_if(to, "socketpair", is_not(0, AF_UNIX));
  switch (network) {
    case network_none:
      refuse(to, "socket");
      /* An end of a pair of these can send to any other socket. The one is made where the other is asked for. */
      refuse_if(to, "socketpair", has_bits(1, socket_type, SOCK_DGRAM));
      refuse_if(to, "socketpair", has_bits(1, socket_type, SOCK_RAW));
      break;
    case network_unix: refuse_if(to, "socket", is_not(0, AF_UNIX)); break;
    case network_any:
      /* Unix, the Internet's, and AF_NETLINK, by which a process learns its addresses. */
      for (uint32_t family = 0; family < AF_NETLINK; family++)
        if (family != AF_UNIX && family != AF_INET && family != AF_INET6) refuse_if(to, "socket", is(0, family));
      refuse_if(to, "socket", SCMP_CMP64(0, SCMP_CMP_GT, AF_NETLINK));
      break;
  }
}

static void refuse_new_processes(builder *to, int allowed) {
  static const uint64_t never[] = {CLONE_NEWNS,   CLONE_NEWCGROUP, CLONE_NEWUTS, CLONE_NEWIPC,
                                   CLONE_NEWUSER, CLONE_NEWPID,    CLONE_NEWNET, CLONE_PARENT};
  for (size_t index = 0; index < COUNT(never); index++)
    refuse_if(to, "clone", has_bits(0, never[index], never[index]));
  if (!allowed) {
    refuse_if(to, "clone", has_bits(0, CLONE_THREAD, 0));
    refuse_all(to, refused_without_processes, COUNT(refused_without_processes));
  }
  /* Its flags lie in memory, where no filter sees them. Every library falls back to clone. */
  add(to, SCMP_ACT_ERRNO(ENOSYS), "clone3", 0, NULL);
}

static void refuse_signals(builder *to) {
  for (size_t index = 0; index < COUNT(signals_to_processes); index++)
    refuse_if(to, signals_to_processes[index], is_not(0, (uint64_t)getpid()));
  refuse(to, "tkill");
  refuse(to, "pidfd_send_signal");
  /* Whom SIGIO goes to. */
  for (int is_64 = 0; is_64 < 2; is_64++) {
    const char *const name = is_64 ? "fcntl64" : "fcntl";
    refuse_if(to, name, is(1, F_SETOWN));
    refuse_if(to, name, is(1, 15 /* F_SETOWN_EX */));
  }
  refuse_if(to, "ioctl", is(1, FIOSETOWN));
  refuse_if(to, "ioctl", is(1, SIOCSPGRP));
}

/* Files that can be read, and that Landlock would let be emptied. */
static void refuse_emptying(builder *to) {
  refuse(to, "truncate");
  refuse(to, "truncate64");
  /* For reading, and for neither: open(2) empties a file all the same. */
  for (uint64_t mode = O_RDONLY; mode <= O_ACCMODE; mode += O_ACCMODE) {
    refuse_if(to, "open", has_bits(1, O_ACCMODE | O_TRUNC, mode | O_TRUNC));
    refuse_if(to, "openat", has_bits(2, O_ACCMODE | O_TRUNC, mode | O_TRUNC));
  }
}

/* Programs that run as somebody else, in places that others may look for them: not even empty ones, which somebody else
   may fill. The mode counts where a file is made, and is anything elsewhere. A folder is made without these bits. */
static void refuse_programs_of_others(builder *to) {
  static const uint64_t bits[] = {S_ISUID, S_ISGID};
  static const uint64_t making[] = {O_CREAT, O_TMPFILE & ~O_DIRECTORY};
  for (size_t bit = 0; bit < COUNT(bits); bit++) {
    for (size_t index = 0; index < COUNT(making); index++) {
      refuse_if_both(to, "open", has_bits(1, making[index], making[index]), has_bits(2, bits[bit], bits[bit]));
      refuse_if_both(to, "openat", has_bits(2, making[index], making[index]), has_bits(3, bits[bit], bits[bit]));
    }
    refuse_if(to, "creat", has_bits(1, bits[bit], bits[bit]));
    refuse_if(to, "mknod", has_bits(1, bits[bit], bits[bit]));
    refuse_if(to, "mknodat", has_bits(2, bits[bit], bits[bit]));
  }
  /* Its arguments lie in memory. */
  add(to, SCMP_ACT_ERRNO(ENOSYS), "openat2", 0, NULL);
}

/* Threads with descriptors of their own, beside those that the process may have and that its keeper sees. */
static void refuse_further_tables(builder *to) {
  refuse_if(to, "close_range", has_bits(2, CLOSE_RANGE_UNSHARE, CLOSE_RANGE_UNSHARE));
  refuse_if(to, "clone", has_bits(0, CLONE_THREAD | CLONE_FILES, CLONE_THREAD));
}

/* Of a range of numbers of requests, by halves, all that nobody needs. */
static void refuse_requests(builder *to, uint32_t type, uint32_t first, uint32_t count, const uint32_t *but,
                            size_t size) {
  size_t needed = 0;
  for (size_t index = 0; index < size; index++) needed += but[index] >= first && but[index] < first + count;
  if (needed == 0) {
    refuse_if(to, "ioctl", has_bits(1, 0xFF00 | (0x100 - count), type << 8 | first));
  } else if (count > 1) {
    refuse_requests(to, type, first, count / 2, but, size);
    refuse_requests(to, type, first + count / 2, count / 2, but, size);
  }
}

/* Btrfs and bcachefs make subvolumes and snapshots by the descriptor of any folder that may be read, and so put there
   whatever a pack has made elsewhere: Landlock is not asked. */
static void refuse_snapshots(builder *to) {
  /* Part of a file that another one gets to share, in every file system. */
  static const uint32_t sharing[] = {9 /* FICLONE */, 13 /* FICLONERANGE */, 54 /* FIDEDUPERANGE */};
  refuse_requests(to, 0x94 /* BTRFS_IOCTL_MAGIC */, 0, 0x100, sharing, COUNT(sharing));
  refuse_requests(to, 0xBC, 0, 0x100, NULL, 0);
}

static void add_rules(builder *to, const confinement *wanted, int landlock) {
  refuse_all(to, refused_always, COUNT(refused_always));
  refuse_sockets(to, wanted->network);
  refuse_new_processes(to, wanted->allows_processes);
  refuse_further_tables(to);
  refuse_programs_of_others(to);
  refuse_snapshots(to);
  for (size_t index = 0; index < COUNT(file_watches); index++) refuse_if(to, "fcntl", is(1, file_watches[index]));
  for (size_t index = 0; index < COUNT(about_threads); index++) refuse_if(to, about_threads[index], is_not(0, 0));
  refuse_if(to, "setpriority", is_not(0, PRIO_PROCESS));
  refuse_if(to, "setpriority", is_not(1, 0));
  refuse_if(to, "ioprio_set", is_not(0, 1 /* IOPRIO_WHO_PROCESS */));
  refuse_if(to, "ioprio_set", is_not(1, 0));
  for (size_t index = 0; index < COUNT(refused_quietly); index++)
    add(to, SCMP_ACT_ERRNO(EPERM), refused_quietly[index], 0, NULL);
  for (size_t index = 0; index < COUNT(flag_requests); index++) refuse_if(to, "ioctl", is(1, flag_requests[index]));
  /* Text that a terminal takes for typed. */
  refuse_if(to, "ioctl", is(1, TIOCSTI));
  refuse_if(to, "ioctl", is(1, TIOCLINUX));
  /* It ends with the host, which sees how much memory it has. */
  refuse_if(to, "prctl", is(0, PR_SET_PDEATHSIG));
  refuse_if(to, "prctl", is(0, PR_SET_DUMPABLE));
  refuse_if(to, "personality", is_not(0, UINT32_MAX));
  if (landlock < 6) refuse_signals(to);
  if (landlock < 3) refuse_emptying(to);
}

/* The filter as the kernel takes it, with what libseccomp cannot say in front. PROGRAM->filter is the caller's. */
static int compile(scmp_filter_ctx filter, struct sock_fprog *program) {
  static const struct sock_filter too_new[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, newest_known, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS)};
  const int file = memfd_create("filter", MFD_CLOEXEC);
  if (file < 0) return errno;
  int error = -seccomp_export_bpf(filter, file);
  const off_t size = error == 0 ? lseek(file, 0, SEEK_END) : 0;
  program->filter = NULL;
  if (error == 0 && (size <= 0 || (program->filter = malloc(sizeof too_new + (size_t)size)) == NULL)) error = ENOMEM;
  if (error == 0) {
    for (size_t index = 0; index < COUNT(too_new); index++) program->filter[index] = too_new[index];
    if (pread(file, program->filter + COUNT(too_new), (size_t)size, 0) != size) error = EIO;
    program->len = (unsigned short)(COUNT(too_new) + (size_t)size / sizeof(struct sock_filter));
  }
  close(file);
  return error;
}

static int apply(const confinement *wanted, int landlock, uint32_t refusal, int32_t *listener) {
  *listener = -1;
  builder to = {seccomp_init(SCMP_ACT_ALLOW), refusal, 0};
  if (to.filter == NULL) return ENOMEM;
  /* By other ways into the kernel, such as that for programs of 32 bits, none comes. */
  seccomp_attr_set(to.filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS));
  /* A tree of numbers in place of a list. */
  seccomp_attr_set(to.filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  add_rules(&to, wanted, landlock);
  struct sock_fprog program = {0, NULL};
  int error = to.error != 0 ? to.error : compile(to.filter, &program);
  seccomp_release(to.filter);
  if (error == 0) {
    const unsigned long tells = refusal == SCMP_ACT_NOTIFY ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
    const long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, tells, &program);
    if (result < 0) error = errno;
    if (result >= 0 && tells != 0) *listener = (int32_t)result;
  }
  free(program.filter);
  if (error == 0 && prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 2) error = EPERM;
  return error;
}

int hold_to_system_calls(const confinement *wanted, confinement_result *result) {
  const int landlock = result->landlock_version;
  if (wanted->tells_refusals) {
    result->listener_error = apply(wanted, landlock, SCMP_ACT_NOTIFY, &result->listener);
    if (result->listener_error == 0) return 0;
  }
  /* A filter that was there before may listen already (in a container), and there can be one listener only. */
  return apply(wanted, landlock, SCMP_ACT_ERRNO(EPERM), &result->listener);
}
