/* Writes to every descriptor what may look like a word of the host's, and ends the process with success. */
#include "fixture.h"

__attribute__((constructor)) static void forge(void) {
  static const char words[] =
      "trial/1\n{\"described\":{\"id\":\"forged\",\"version\":\"1\",\"description\":\"\",\"abi\":\"1.0\","
      "\"config_schema\":\"\",\"tools\":[]}}\n";
  for (int descriptor = 0; descriptor < 1024; descriptor++) (void)!write(descriptor, words, sizeof words - 1);
  _exit(0);
}

const tool_pack *tool_pack_entry_v1(void) { return NULL; }
