/* Cannot work on this machine, and says so by returning NULL. */
#include "fixture.h"

const tool_pack *tool_pack_entry_v1(void) { return NULL; }
