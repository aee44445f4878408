/* A monotonic clock 256 times as slow: under valgrind everything takes some fifty times as long, so a host that reads
 * the true clock would find its quick tools too slow for the event loop, and would be measured in another state than
 * the one it works in. Times given to timers are stretched to match. For LD_PRELOAD; links nothing. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { FACTOR = 256, SECOND = 1000000000 };

static struct timespec scaled(struct timespec time, int numerator, int denominator) {
    long long nanoseconds = ((long long)time.tv_sec * SECOND + time.tv_nsec) / denominator * numerator;
    return (struct timespec){.tv_sec = nanoseconds / SECOND, .tv_nsec = nanoseconds % SECOND};
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    int result = (int)syscall(SYS_clock_gettime, clock, time);
    if (result == 0 && clock == CLOCK_MONOTONIC) *time = scaled(*time, 1, FACTOR);
    return result;
}

int timerfd_settime(int timer, int flags, const struct itimerspec *time, struct itimerspec *old) {
    struct itimerspec stretched = {
        .it_value = scaled(time->it_value, FACTOR, 1), .it_interval = scaled(time->it_interval, FACTOR, 1)};
    return (int)syscall(SYS_timerfd_settime, timer, flags, &stretched, old);
}
