/* Keeps every rule, and uses memory as a pack may: a thread maps a file, reads it, unmaps it, takes as much memory as
 * it had, which the system likes to put in the same place, fills it, looks at it and gives it back. Tells how often it
 * found other bytes than it had written. */
#include "fixture.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>

static const char *path = "/proc/self/exe";
static atomic_long rounds, changed;
static atomic_int is_stopping;
static pthread_t thread;

static void *read_and_fill(void *nothing) {
  volatile uint64_t sum = 0;
  while (!is_stopping) {
    const int file = open(path, O_RDONLY);
    struct stat status;
    if (file < 0 || fstat(file, &status) != 0) return nothing;
    const size_t size = (size_t)status.st_size < ((size_t)1 << 20) ? (size_t)status.st_size : (size_t)1 << 20;
    const unsigned char *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, file, 0);
    close(file);
    if (bytes == MAP_FAILED) return nothing;
    for (size_t index = 0; index < size; index += 512) sum += bytes[index];
    munmap((void *)(uintptr_t)bytes, size);
    unsigned char *memory = malloc(size);
    if (memory == NULL) return nothing;
    memset(memory, 0xA5, size);
    for (size_t index = 0; index < size; index++) changed += memory[index] != 0xA5;
    free(memory);
    rounds++;
  }
  return nothing;
}

static tool_status start(const tool_host *host, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)host, (void)config, (void)deadline_ns, (void)pack, (void)error;
  return pthread_create(&thread, NULL, read_and_fill, NULL) == 0 ? TOOL_OK : TOOL_E_INTERNAL;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  char out[96];
  snprintf(out, sizeof out, "{\"rounds\":%ld,\"changed\":%ld}", rounds, changed);
  return fixture_answer(result, out);
}

static void stop(void *pack, int64_t deadline_ns) {
  (void)pack, (void)deadline_ns;
  is_stopping = 1;
  pthread_join(thread, NULL);
}

static const tool_descriptor tool = {DESCRIBE("file_reader", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("file-reader", tools), .start = start, .invoke = invoke, .stop = stop};
EXPORT(pack)
