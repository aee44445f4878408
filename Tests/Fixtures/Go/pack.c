/* The table of the pack in crash.go. */
#include "fixture.h"

#include "_cgo_export.h"

static volatile int *volatile nowhere;

void fault(void) { *nowhere = 1; }

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool;
  const char *how = fixture_find(call, "how");
  if (how != NULL) goWork(how[4]);
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("go_crash", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("go-crash", tools), .invoke = invoke};
EXPORT(pack)
