/* A shared object that is no pack: it exports something else. */
#include "fixture.h"

__attribute__((visibility("default"))) int unrelated(void);
int unrelated(void) { return 42; }
