/* Ends the process with success when it is asked for its table. */
#include "fixture.h"

const tool_pack *tool_pack_entry_v1(void) {
  exit(0);
  return NULL;
}
