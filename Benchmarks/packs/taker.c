/* The tests' pack that takes what it is told to. */
#include "greedy.c"
