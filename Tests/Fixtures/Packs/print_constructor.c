/* Breaks nothing, but prints while it is loaded: to wherever results and errors go. */
#include "fixture.h"

__attribute__((constructor)) static void print(void) {
  printf("{\"packs\": \"printed\"}\n");
  fflush(stdout);
  fprintf(stderr, "printed to standard error\n");
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("print_constructor", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("print-constructor", tools), .invoke = invoke};
EXPORT(pack)
