/* What glibc offers and Swift's own module of it leaves out. */
#include <malloc.h>
#include <signal.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* `RUSAGE_THREAD`, which sys/resource.h declares for _GNU_SOURCE only. */
static const int rusage_of_thread = 1;

/* `O_PATH` of fcntl.h, for _GNU_SOURCE only: opens what stands for a file, of which nothing can be read. */
static const int open_place = 010000000;

/* `pthread_setname_np` of pthread.h, for _GNU_SOURCE only, too: at most 15 bytes and a zero, else ERANGE. */
int set_thread_name(unsigned long thread, const char *name) __asm__("pthread_setname_np");

/* From sched.h, for _GNU_SOURCE only: the processor of the calling thread, and on which ones a thread may run (0: the
   calling one). A mask has a bit for each processor, SIZE bytes in all; what does not fit is EINVAL. */
int current_processor(void) __asm__("sched_getcpu");
int get_affinity(int thread, unsigned long size, unsigned long *mask) __asm__("sched_getaffinity");
int set_affinity(int thread, unsigned long size, const unsigned long *mask) __asm__("sched_setaffinity");

/* `__WNOTHREAD` of bits/waitflags.h, for _GNU_SOURCE only: no children of other threads of this process (wait(2)). */
static const int without_other_threads = 0x20000000;

/* Whether CHILD is one of the calling thread's and dead. It is left as it is. */
static inline int is_dead(int child) {
  siginfo_t information = {.si_pid = 0};
  return waitid(P_PID, (id_t)child, &information, WEXITED | WNOHANG | WNOWAIT | without_other_threads) == 0 &&
         information.si_pid == child;
}

/* Whether something is mounted where the open file is (statx(2), Linux 5.8). */
static inline int is_mount_root(int descriptor) {
  struct { unsigned mask, block_size; unsigned long long attributes; char rest[240]; } status = {0};
  enum { empty_path = 0x1000, mount_root = 0x2000 };
  return syscall(SYS_statx, descriptor, "", empty_path, 0, &status) == 0 && (status.attributes & mount_root) != 0;
}

/* prctl takes any number of arguments, which Swift cannot pass. */
static inline int get_subreaper(int *answer) { return prctl(PR_GET_CHILD_SUBREAPER, answer); }

/* pidfd_open(2), which only newer versions of glibc have: a descriptor of a process, readable once that has ended. */
static inline int open_process(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

/* PR_SET_PDEATHSIG of prctl(2), which takes variable arguments: SIGKILL once the thread ends that made this process */
static inline int end_with_parent(void) { return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); }

/* `pipe2` of unistd.h and an action of spawn.h, for _GNU_SOURCE only: pipes that no child gets by mistake, and a child
   that gets no descriptor from FIRST on. */
int make_pipe(int *ends, int flags) __asm__("pipe2");
int add_close_from(posix_spawn_file_actions_t *actions, int first) __asm__("posix_spawn_file_actions_addclosefrom_np");

/* For _GNU_SOURCE only, too: accept(2) and dup2(2) with flags. */
int accept_with_flags(int socket, void *address, unsigned *length, int flags) __asm__("accept4");
int duplicate_onto(int descriptor, int target, int flags) __asm__("dup3");

/* Memory that has a descriptor and no name (memfd_create(2), sys/mman.h for _GNU_SOURCE only), and what its owner may
   forbid from then on (fcntl(2)): any other size, and any other ban. A process that could make it shorter would end
   whoever touches the rest by SIGBUS. */
int make_memory(const char *name, unsigned flags) __asm__("memfd_create");
enum { memory_close_on_exec = 1u, memory_allows_seals = 2u };
static inline int seal_size(int memory) {
  enum { add_seals = 1024 + 9, seal_seals = 1, seal_shrink = 2, seal_grow = 4 };
  return (int)syscall(SYS_fcntl, memory, add_seals, seal_seals | seal_shrink | seal_grow);
}

/* eventfd(2): a descriptor that is readable once it was written to, however often. */
int make_event(unsigned count, int flags) __asm__("eventfd");
enum { event_close_on_exec = 02000000, event_does_not_block = 04000 };

/* epoll(7), which Swift's module of glibc leaves out: an instance, and whether it has come to watch a descriptor. */
static inline int make_watcher(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int starts_watching(int watcher, int descriptor) {
  struct epoll_event event = {.events = 0};
  return epoll_ctl(watcher, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

/* futex(2) on memory of several processes. Waits while *WORD is EXPECTED, for at most MILLISECONDS (negative: for
   ever). Both are hints: whoever comes back looks again. */
static inline void wait_for_word(const unsigned *word, unsigned expected, int milliseconds) {
  const long time[] = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
  syscall(SYS_futex, word, 0, expected, milliseconds < 0 ? (void *)0 : time, (void *)0, 0);
}
static inline void wake_for_word(const unsigned *word) { syscall(SYS_futex, word, 1, 1, (void *)0, (void *)0, 0); }

/* SO_PEERCRED of unix(7), whose struct is for _GNU_SOURCE only: the user of the other end of a Unix socket, when it
   connected. */
static inline int get_peer_user(int connection, unsigned *user) {
  struct { int process; unsigned user, group; } peer = {0};
  socklen_t size = sizeof peer;
  if (getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || size != sizeof peer) return -1;
  *user = peer.user;
  return 0;
}

/* A message on a Unix socket with a descriptor in it (SCM_RIGHTS of unix(7), whose macros Swift cannot use), and what
   recv(2) gives with the one that came along: -1 where none did. */
static inline ssize_t send_with_descriptor(int socket, const void *bytes, size_t size, int descriptor) {
  union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr head; } control = {{0}};
  struct iovec content = {(void *)bytes, size};
  struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  control.head.cmsg_level = SOL_SOCKET;
  control.head.cmsg_type = SCM_RIGHTS;
  control.head.cmsg_len = CMSG_LEN(sizeof descriptor);
  *(int *)CMSG_DATA(&control.head) = descriptor;
  return sendmsg(socket, &message, MSG_NOSIGNAL);
}
static inline ssize_t receive_with_descriptor(int socket, void *bytes, size_t size, int *descriptor) {
  union { char room[CMSG_SPACE(sizeof(int))]; struct cmsghdr head; } control = {{0}};
  struct iovec content = {bytes, size};
  struct msghdr message = {.msg_iov = &content, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  *descriptor = -1;
  const ssize_t count = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  const struct cmsghdr *head = count >= 0 ? CMSG_FIRSTHDR(&message) : (void *)0;
  if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS && head->cmsg_len == CMSG_LEN(sizeof(int)))
    *descriptor = *(const int *)CMSG_DATA(head);
  return count;
}
