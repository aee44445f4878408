/* A tool that computes for as long as it is told and lets nobody else have its processor. */
#include "fixture.h"

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  double end = now() + (double)fixture_integer(call, "milliseconds", 0);
  while (now() < end) {
  }
  return fixture_answer(result, "{}");
}

static const tool_descriptor only_tool = {DESCRIBE("spin", HARMLESS)};
static const tool_descriptor *const tools[] = {&only_tool};
static const tool_pack pack = {PACK("spin", tools), .invoke = invoke};

EXPORT(pack)
