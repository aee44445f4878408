/* Ends the process with success while it is loaded, past everything that is to run at an exit. */
#include "fixture.h"

__attribute__((constructor)) static void leave(void) { _exit(0); }

const tool_pack *tool_pack_entry_v1(void) { return NULL; }
