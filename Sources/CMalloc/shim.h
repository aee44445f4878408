/* What glibc's allocator can be told, which Swift's own module of glibc leaves out. */
#include <malloc.h>
