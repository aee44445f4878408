/* Opens files until the process may open no more, and gives them back when it is told to. "leave" so many are closed
 * again at once. */
#include <fcntl.h>

#include "fixture.h"

#define MOST 70000

static int held[MOST], count;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static const tool_descriptor leak_tool = {DESCRIBE("leak", HARMLESS)};
static const tool_descriptor give_back_tool = {DESCRIBE("give_back", HARMLESS)};

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  char out[64];
  (void)pack;
  pthread_mutex_lock(&lock);
  if (tool == &leak_tool) {
    long leave = fixture_integer(call, "leave", 0);
    for (int file; count < MOST && (file = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) held[count++] = file;
    while (leave-- > 0 && count > 0) close(held[--count]);
  } else {
    while (count > 0) close(held[--count]);
  }
  snprintf(out, sizeof out, "{\"held\":%d}", count);
  pthread_mutex_unlock(&lock);
  return fixture_answer(result, out);
}

static const tool_descriptor *const tools[] = {&leak_tool, &give_back_tool};
static const tool_pack pack = {PACK("leak", tools), .invoke = invoke};
EXPORT(pack)
