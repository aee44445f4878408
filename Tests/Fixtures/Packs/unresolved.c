/* Needs a symbol that nothing defines. */
#include "fixture.h"

extern const tool_pack *nowhere_to_be_found(void);
const tool_pack *tool_pack_entry_v1(void) { return nowhere_to_be_found(); }
