/* Says why it gives up before it does, with bytes that move the cursor and are no text; and much before that. */
#include "fixture.h"

__attribute__((constructor)) static void give_up(void) {
  for (int line = 0; line < 100000; line++) fprintf(stderr, "line %d of many that nobody needs\n", line);
  fprintf(stderr, "\033[2Jthe licence caf\xe9 is missing\n\n");
  _exit(9);
}

const tool_pack *tool_pack_entry_v1(void) { return NULL; }
