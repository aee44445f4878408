/* A process that ends by exit_group leaves no profile: it is written when exit runs what is registered. The host has an
   _exit of its own, which makes the system call, so that is what is replaced. For LD_PRELOAD. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>

static atomic_flag is_ending = ATOMIC_FLAG_INIT;

long syscall(long number, ...) {
    static _Atomic(long (*)(long, long, long, long, long, long, long)) next;
    long arguments[6];
    va_list list;
    va_start(list, number);
    for (int index = 0; index < 6; index++) arguments[index] = va_arg(list, long);
    va_end(list);
    if (number == SYS_exit_group && !atomic_flag_test_and_set(&is_ending)) exit((int)arguments[0]);
    long (*call)(long, long, long, long, long, long, long) = atomic_load(&next);
    if (call == NULL) {
        *(void **)&call = dlsym(RTLD_NEXT, "syscall");
        atomic_store(&next, call);
    }
    return call(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}
