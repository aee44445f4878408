/* Ends the process with success while it is loaded, before anybody could ask what it is. */
#include "fixture.h"

__attribute__((constructor)) static void leave(void) { exit(0); }

const tool_pack *tool_pack_entry_v1(void) { return NULL; }
