/* Takes memory without end before it has described itself. */
#define GREEDY_AT_ONCE
#include "greedy.c"
