/* What glibc offers and Swift's own module of it leaves out. */
#include <malloc.h>

/* `RUSAGE_THREAD`, which sys/resource.h declares for _GNU_SOURCE only. */
static const int rusage_of_thread = 1;

/* `pthread_setname_np` of pthread.h, for _GNU_SOURCE only, too: at most 15 bytes and a zero, else ERANGE. */
int set_thread_name(unsigned long thread, const char *name) __asm__("pthread_setname_np");

/* From sched.h, for _GNU_SOURCE only: the processor of the calling thread, and on which ones a thread may run (0: the
   calling one). A mask has a bit for each processor, SIZE bytes in all; what does not fit is EINVAL. */
int current_processor(void) __asm__("sched_getcpu");
int get_affinity(int thread, unsigned long size, unsigned long *mask) __asm__("sched_getaffinity");
int set_affinity(int thread, unsigned long size, const unsigned long *mask) __asm__("sched_setaffinity");

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* `__WNOTHREAD` of bits/waitflags.h, for _GNU_SOURCE only: no children of other threads of this process (wait(2)). */
static const int without_other_threads = 0x20000000;

/* Whether CHILD is one of the calling thread's and dead. It is left as it is. */
static inline int is_dead(int child) {
  siginfo_t information = {.si_pid = 0};
  return waitid(P_PID, (id_t)child, &information, WEXITED | WNOHANG | WNOWAIT | without_other_threads) == 0 &&
         information.si_pid == child;
}

/* prctl takes any number of arguments, which Swift cannot pass. */
static inline int get_subreaper(int *answer) { return prctl(PR_GET_CHILD_SUBREAPER, answer); }
