/* Crashes while it is loaded, before anybody can call it. */
#include "fixture.h"

__attribute__((constructor)) static void crash(void) { *(volatile int *)8 = 1; }

const tool_pack *tool_pack_entry_v1(void) { return NULL; }
