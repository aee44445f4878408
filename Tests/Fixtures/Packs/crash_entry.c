/* Crashes in the entry function. */
#include "fixture.h"

const tool_pack *tool_pack_entry_v1(void) {
  *(volatile int *)8 = 1;
  return NULL;
}
