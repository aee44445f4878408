/* What is left for the next start when a pack ends the process while packs are loaded and started.

   A pack that crashes there ends every start of the host. Only the process that ends knows whose code it was in, and
   what it writes down has to be written by a signal handler: in C, for the reason that crash_note.h gives. An end that
   nobody in the process sees, such as SIGKILL or a power cut, leaves nothing, and so no pack is blamed for it. */
#ifndef CRASH_BLAME_H
#define CRASH_BLAME_H

#include "tool_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* From now on ends are written to the file at PATH, in FOLDER; both are absolute and never freed. Neither is made
   before there is something to write. Once in a process. */
void crash_blame_begin(const char *folder, const char *path);

/* An end that is put down to NAME appends RECORD, then what kind of end it was, then "}. Neither is ever freed; the
   latest word on a name counts. At most 4,096 are remembered. */
void crash_blame_expect(tool_str name, tool_str record);

/* Ends are no longer written down: every start is over. */
void crash_blame_end(void);

/* The process ends by the pack NAME; END is the signal's name, or NULL for an exit. Async-signal-safe. */
void crash_blame(tool_str name, const char *end);

#ifdef __cplusplus
}
#endif

#endif
