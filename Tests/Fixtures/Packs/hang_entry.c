/* Never returns from the entry function. */
#include "fixture.h"

const tool_pack *tool_pack_entry_v1(void) {
  fixture_hang();
  return NULL;
}
