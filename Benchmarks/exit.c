/* A process that ends by _exit leaves no profile: it is written when exit runs what is registered. For LD_PRELOAD. */
#include <stdlib.h>
#include <unistd.h>

void _exit(int status) {
    exit(status);
}
