/* Deeds against another process, by its number, and processes of its own. */
#ifndef BREAKOUT_PROCESSES_H
#define BREAKOUT_PROCESSES_H

#include <linux/futex.h>
#include <linux/kcmp.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/uio.h>

#include "attempt.h"

static bool signal_process(attempt *it) { return kill((pid_t)it->pid, (int)it->number) == 0; }
static bool signal_in_child(attempt *it) { return in_child(it, signal_process); }
static bool signal_group(attempt *it) { return kill(-getpgid((pid_t)it->pid), (int)it->number) == 0; }
static bool signal_all(attempt *it) { return kill(-1, (int)it->number) == 0; }
static bool signal_itself(attempt *it) {
  (void)it;
  return kill(getpid(), 0) == 0 && raise(0) == 0 && syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 0) == 0;
}
static bool signal_thread(attempt *it) { return syscall(SYS_tgkill, it->pid, it->pid, it->number) == 0; }
static bool signal_any_thread(attempt *it) { return syscall(SYS_tkill, it->pid, it->number) == 0; }

static siginfo_t word(attempt *it) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  info.si_signo = (int)it->number;
  info.si_code = SI_QUEUE;
  info.si_pid = getpid();
  info.si_uid = getuid();
  return info;
}

static bool signal_with_word(attempt *it) {
  siginfo_t info = word(it);
  return syscall(SYS_rt_sigqueueinfo, it->pid, it->number, &info) == 0;
}

static bool signal_thread_with_word(attempt *it) {
  siginfo_t info = word(it);
  return syscall(SYS_rt_tgsigqueueinfo, it->pid, it->pid, it->number, &info) == 0;
}

/* What body does with a descriptor of the process. */
static bool by_descriptor(attempt *it, bool (*body)(attempt *, int)) {
  const int process = (int)syscall(SYS_pidfd_open, it->pid, 0);
  if (process < 0) return false;
  const bool got = body(it, process);
  const int code = errno;
  close(process);
  errno = code;
  return got;
}

static bool signal_to(attempt *it, int process) {
  return syscall(SYS_pidfd_send_signal, process, it->number, NULL, 0) == 0;
}
static bool take_from(attempt *it, int process) {
  return opened((int)syscall(SYS_pidfd_getfd, process, it->number, 0));
}
static bool signal_by_descriptor(attempt *it) { return by_descriptor(it, signal_to); }
static bool take_descriptor(attempt *it) { return by_descriptor(it, take_from); }

/* The system signals whoever owns a pipe in which something comes. That it does shows only there. */
static bool signal_as_owner(attempt *it) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  const bool got = fcntl(ends[0], F_SETOWN, (int)it->pid) == 0 && fcntl(ends[0], F_SETSIG, (int)it->number) == 0 &&
                   fcntl(ends[0], F_SETFL, O_ASYNC) == 0 && write(ends[1], "x", 1) == 1;
  const int code = errno;
  close(ends[0]);
  close(ends[1]);
  errno = code;
  return got;
}

static bool trace(attempt *it) {
  if (ptrace(PTRACE_ATTACH, (pid_t)it->pid, NULL, NULL) != 0) return false;
  waitpid((pid_t)it->pid, NULL, __WALL);
  return ptrace(PTRACE_DETACH, (pid_t)it->pid, NULL, NULL) == 0;
}

/* The host becomes the tracer of this thread, and is told of its signals. */
static bool be_traced(attempt *it) {
  (void)it;
  return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0;
}

static bool change_limit(attempt *it) {
  struct rlimit limit;
  return prlimit((pid_t)it->pid, RLIMIT_CORE, NULL, &limit) == 0 &&
         prlimit((pid_t)it->pid, RLIMIT_CORE, &limit, NULL) == 0;
}

/* Of its own: number is a limit. */
static bool raise_limit(attempt *it) {
  struct rlimit before, limit = {RLIM_INFINITY, RLIM_INFINITY};
  return prlimit(0, (enum __rlimit_resource)it->number, NULL, &before) == 0 &&
         prlimit(0, (enum __rlimit_resource)it->number, &limit, NULL) == 0 &&
         prlimit(0, (enum __rlimit_resource)it->number, &before, NULL) == 0;
}

/* This thread before all that is not. */
static bool run_in_real_time(attempt *it) {
  (void)it;
  return sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){1}) == 0 &&
         sched_setscheduler(0, SCHED_OTHER, &(struct sched_param){0}) == 0;
}

static bool change_priority(attempt *it) {
  errno = 0;
  const int now = getpriority(PRIO_PROCESS, (id_t)it->pid);
  return errno == 0 && setpriority(PRIO_PROCESS, (id_t)it->pid, now) == 0;
}

static bool change_processors(attempt *it) {
  cpu_set_t set;
  return sched_getaffinity((pid_t)it->pid, sizeof set, &set) == 0 &&
         sched_setaffinity((pid_t)it->pid, sizeof set, &set) == 0;
}

static bool change_scheduler(attempt *it) {
  return sched_setscheduler((pid_t)it->pid, SCHED_OTHER, &(struct sched_param){0}) == 0;
}

static bool change_io_priority(attempt *it) {
  const long now = syscall(SYS_ioprio_get, 1, it->pid);
  return now >= 0 && syscall(SYS_ioprio_set, 1, it->pid, now) == 0;
}

/* number is an address of the process. */
static bool read_memory(attempt *it) {
  char byte;
  struct iovec own = {&byte, 1}, others = {(void *)(uintptr_t)it->number, 1};
  return process_vm_readv((pid_t)it->pid, &own, 1, &others, 1, 0) == 1;
}

/* One that cannot be written to: whoever may gets EFAULT. */
static bool write_memory(attempt *it) {
  char byte = 0;
  struct iovec own = {&byte, 1}, others = {(void *)(uintptr_t)it->number, 1};
  return process_vm_writev((pid_t)it->pid, &own, 1, &others, 1, 0) == 1;
}

static bool compare_process(attempt *it) {
  return syscall(SYS_kcmp, it->pid, getpid(), KCMP_FILES, 0, 0) >= 0;
}

static bool make_child(attempt *it) {
  (void)it;
  const pid_t child = fork();
  if (child == 0) _exit(0);
  return child > 0 && waitpid(child, NULL, 0) == child;
}

/* So often, though it is told no each time. */
static bool insist_on_children(attempt *it) {
  for (long count = 0; count < it->number; count++)
    if (make_child(it)) return true;
  tell(it, "%ld times", it->number);
  errno = EPERM;
  return false;
}

static bool make_quick_child(attempt *it) {
  (void)it;
  const pid_t child = vfork();
  if (child == 0) _exit(0);
  return child > 0 && waitpid(child, NULL, 0) == child;
}

static bool cloned(unsigned long flags) {
  const pid_t child = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (child == 0) _exit(0);
  return child > 0 && waitpid(child, NULL, 0) == child;
}

static bool clone_into_namespace(attempt *it) {
  (void)it;
  return cloned(CLONE_NEWUSER);
}

static bool clone_newly(attempt *it) {
  (void)it;
  struct clone_args arguments = {.exit_signal = SIGCHLD};
  const pid_t child = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
  if (child == 0) _exit(0);
  return child > 0 && waitpid(child, NULL, 0) == child;
}

/* By the way of programs for 32 bits, which have other numbers of calls. */
static bool fork_by_other_way(attempt *it) {
  (void)it;
#ifdef __x86_64__
  long child = 2;
  __asm__ volatile("int $0x80" : "+a"(child) : : "memory", "r8", "r9", "r10", "r11");
  if (child == 0) _exit(0);
  if (child < 0) {
    errno = (int)-child;
    return false;
  }
  return waitpid((pid_t)child, NULL, 0) == (pid_t)child;
#else
  errno = ENOSYS;
  return false;
#endif
}

static bool unshare_user(attempt *it) {
  (void)it;
  return unshare(CLONE_NEWUSER) == 0;
}
static bool leave_namespace(attempt *it) { return in_child(it, unshare_user); }

/* What the program prints is told. */
static bool run_program(attempt *it) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  char *const arguments[] = {it->path, NULL};
  const pid_t child = fork();
  if (child <= 0) {
    if (child == 0) dup2(ends[1], STDOUT_FILENO);
    /* Where there is no child this process itself tries: it is gone where it may. */
    execve(it->path, arguments, NULL);
    if (child == 0) _exit(errno);
    close(ends[0]);
    close(ends[1]);
    return false;
  }
  int status = 0;
  close(ends[1]);
  const ssize_t count = read(ends[0], it->detail, sizeof it->detail - 1);
  it->detail[count < 0 ? 0 : count] = 0;
  it->detail[strcspn(it->detail, "\n\"\\")] = 0;
  close(ends[0]);
  if (waitpid(child, &status, 0) != child) return false;
  errno = WEXITSTATUS(status);
  if (it->text[0] != 0 && strstr(it->detail, it->text) == NULL) return refuse(it, "other output");
  return status == 0;
}

/* A program that no folder has. */
static bool run_from_memory(attempt *it) {
  const int program = memfd_create("breakout", MFD_CLOEXEC), file = open(it->path, O_RDONLY | O_CLOEXEC);
  if (program < 0 || file < 0) return false;
  char bytes[1 << 14];
  for (ssize_t count; (count = read(file, bytes, sizeof bytes)) > 0;)
    if (write(program, bytes, (size_t)count) != count) return false;
  close(file);
  snprintf(it->path, sizeof it->path, "/proc/self/fd/%d", program);
  const pid_t child = fork();
  char *const arguments[] = {it->path, NULL};
  if (child <= 0) {
    syscall(SYS_execveat, program, "", arguments, NULL, AT_EMPTY_PATH);
    if (child == 0) _exit(errno);
    const int code = errno;
    close(program);
    errno = code;
    return false;
  }
  int status = 0;
  close(program);
  if (waitpid(child, &status, 0) != child) return false;
  errno = WEXITSTATUS(status);
  return status == 0;
}

static void *nothing(void *given) { return given; }

static bool make_threads(attempt *it) {
  pthread_t threads[8];
  for (int i = 0; i < 8; i++) {
    const int code = pthread_create(&threads[i], NULL, nothing, it);
    if (code != 0) {
      errno = code;
      return false;
    }
  }
  for (int i = 0; i < 8; i++) pthread_join(threads[i], NULL);
  return true;
}

#endif
