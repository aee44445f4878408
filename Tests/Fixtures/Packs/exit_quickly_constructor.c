/* Ends the process with success while it is loaded, by the way out that C11 added. */
#include "fixture.h"

extern void quick_exit(int status);

__attribute__((constructor)) static void leave(void) { quick_exit(0); }

const tool_pack *tool_pack_entry_v1(void) { return NULL; }
