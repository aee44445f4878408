/* The last line of the log: what ran on the thread whose crash ends the process.

   A pack shares the host's process, so a crash in one ends it, and the call that did it never gets its line. A handler of
   the signals that end a process by a fault writes one instead, and leaves the signal its effect: exit status, core dump
   and supervisor see what they would see without it.

   In C, since a handler may call little more than write(2) (signal-safety(7)), and Swift does not say what it calls. */
#ifndef CRASH_NOTE_H
#define CRASH_NOTE_H

#include "tool_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Whose code is entered. Neither the struct nor its strings are ever freed. */
typedef struct crash_subject {
  tool_str pack;
  /* Empty while a pack is started, told of a cancellation, or stopped. */
  tool_str tool;
} crash_subject;

typedef struct crash_mark {
  const crash_subject *subject;
  /* NULL outside of calls. */
  const tool_call *call;
  int has_signal_stack;
} crash_mark;

/* What the calling thread is in; subject is NULL while that is nobody's code but the host's. */
extern _Thread_local crash_mark crash_note_mark;

/* Handles SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP and SIGABRT, and exit() by a pack, from now on. JSON: whether the line is
   JSON or text; DESCRIPTOR: where it goes. Once in a process. */
void crash_note_install(int json, int descriptor);

/* Tells which pack code at ADDRESS, and all of the same shared object, belongs to: for crashes on threads of its own. At most
   1,024 packs are remembered. */
void crash_note_add_pack(const void *address, tool_str pack);

/* Gives the calling thread a stack for signals, unless it has one, so that an overflow of its own leaves a note, too. */
void crash_note_prepare_thread(void);

/* Around each call into a pack. */
static inline void crash_note_enter(const crash_subject *subject, const tool_call *call) {
  if (!crash_note_mark.has_signal_stack) crash_note_prepare_thread();
  crash_note_mark.subject = subject;
  crash_note_mark.call = call;
}

static inline void crash_note_leave(void) { crash_note_mark.subject = 0; }

#ifdef __cplusplus
}
#endif

#endif
