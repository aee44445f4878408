/* The filter of system calls (seccomp(2)). */
#ifndef CONFINEMENT_SYSTEM_CALLS_H
#define CONFINEMENT_SYSTEM_CALLS_H

#include "confinement.h"

/* Has the calling thread keep to the filter.

   RESULT has the version of Landlock that is in force: what it does not cover yet is covered here as far as it can be.
   Its listener is set to where refused calls are told, or to -1, and why that is. Returns 0 or an error. */
int hold_to_system_calls(const confinement *wanted, confinement_result *result);

#endif
