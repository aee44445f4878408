/* What glibc offers and Swift's own module of it leaves out. */
#include <elf.h>
#include <malloc.h>
#include <stddef.h>

/* The first members of `struct dl_phdr_info` (link.h). */
struct loaded_object {
    Elf64_Addr base;
    const char *name;
    const Elf64_Phdr *segments;
    Elf64_Half segment_count;
};

/* `dl_iterate_phdr`, which link.h declares for _GNU_SOURCE only: until the callback returns something other than 0. */
int for_each_loaded_object(int (*callback)(struct loaded_object *object, size_t size, void *data), void *data)
    __asm__("dl_iterate_phdr");

/* `RUSAGE_THREAD`, which sys/resource.h declares for _GNU_SOURCE only. */
static const int rusage_of_thread = 1;

/* `pthread_setname_np` of pthread.h, for _GNU_SOURCE only, too: at most 15 bytes and a zero, else ERANGE. */
int set_thread_name(unsigned long thread, const char *name) __asm__("pthread_setname_np");
