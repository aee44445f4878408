/* An echo between two processes by the means by which a host and the process of a pack reach each other: shared memory,
 * a futex there, a pipe and epoll back. It is what a crossing takes at least, on this machine and in this minute.
 * Prints JSON: microseconds at two percentiles, and of processor time in both processes, for each echo.
 * Usage: crossing SECONDS */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 1024, MOST = 4 << 20 };

struct shared {
    _Alignas(64) _Atomic uint32_t bell;
    _Alignas(64) atomic_bool is_over;
    _Alignas(64) int64_t processor; /* of the one who answers, once it has ended */
    char asked[SIZE], answered[SIZE];
};

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void ring(struct shared *shared) {
    atomic_store(&shared->bell, 1);
    syscall(SYS_futex, &shared->bell, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void answer(struct shared *shared, int event) {
    const uint64_t one = 1;
    for (;;) {
        while (atomic_load(&shared->bell) == 0) syscall(SYS_futex, &shared->bell, FUTEX_WAIT, 0, NULL, NULL, 0);
        atomic_store(&shared->bell, 0);
        if (atomic_load(&shared->is_over)) break;
        memcpy(shared->answered, shared->asked, SIZE);
        if (write(event, &one, sizeof(one)) != sizeof(one)) break;
    }
    shared->processor = now(CLOCK_PROCESS_CPUTIME_ID);
}

/* Nanoseconds of one echo. */
static uint32_t ask(struct shared *shared, int poll, int event, char *body) {
    struct epoll_event found;
    uint64_t count;
    int64_t begin = now(CLOCK_MONOTONIC);
    memcpy(shared->asked, body, SIZE);
    ring(shared);
    if (epoll_wait(poll, &found, 1, -1) != 1 || read(event, &count, sizeof(count)) != sizeof(count)) exit(1);
    memcpy(body, shared->answered, SIZE);
    return (uint32_t)(now(CLOCK_MONOTONIC) - begin);
}

static int compare(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return (a > b) - (a < b);
}

int main(int count, char **arguments) {
    int event[2], poll = epoll_create1(EPOLL_CLOEXEC);
    struct shared *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint32_t *times = malloc(sizeof(*times) * MOST);
    char body[SIZE] = "{\"query\":\"milk\"}";
    if (count != 2 || poll < 0 || shared == MAP_FAILED || times == NULL || pipe(event) != 0) return 1;
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        answer(shared, event[1]);
        _exit(0);
    }
    struct epoll_event wanted = {.events = EPOLLIN};
    if (child < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, event[0], &wanted) != 0) return 1;
    for (int index = 0; index < 1000; index++) ask(shared, poll, event[0], body);
    int echoes = 0;
    int64_t end = now(CLOCK_MONOTONIC) + (int64_t)(atof(arguments[1]) * 1e9);
    while (echoes < MOST && now(CLOCK_MONOTONIC) < end) times[echoes++] = ask(shared, poll, event[0], body);
    double processor = (double)now(CLOCK_PROCESS_CPUTIME_ID);
    atomic_store(&shared->is_over, 1);
    ring(shared);
    waitpid(child, NULL, 0);
    processor += (double)shared->processor;
    qsort(times, (size_t)echoes, sizeof(*times), compare);
    printf("{\"p50\": %.3f, \"p99\": %.3f, \"processor\": %.3f, \"echoes\": %d}\n", times[echoes / 2] / 1e3,
           times[(int64_t)echoes * 99 / 100] / 1e3, processor / 1e3 / (echoes + 1000), echoes);
    return 0;
}
