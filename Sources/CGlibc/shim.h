/* What glibc offers and Swift's own module of it leaves out. */
#include <malloc.h>

/* `RUSAGE_THREAD`, which sys/resource.h declares for _GNU_SOURCE only. */
static const int rusage_of_thread = 1;

/* `pthread_setname_np` of pthread.h, for _GNU_SOURCE only, too: at most 15 bytes and a zero, else ERANGE. */
int set_thread_name(unsigned long thread, const char *name) __asm__("pthread_setname_np");
