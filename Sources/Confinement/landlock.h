/* Landlock (landlock(7)) as far as the host uses it. The system's header may be older than the kernel. */
#ifndef CONFINEMENT_LANDLOCK_H
#define CONFINEMENT_LANDLOCK_H

#include "confinement.h"

/* The version of the kernel; 0: none. */
int kernel_landlock(void);

/* Has the calling thread keep to WANTED's paths, and out of reach of all other processes, by version VERSION. Returns 0
   or an error. */
int hold_to_paths(const confinement *wanted, int version);

#endif
