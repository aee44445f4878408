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

/* Whose code a thread is in; subject is NULL while that is nobody's but the host's. */
typedef struct crash_mark {
  const crash_subject *subject;
  /* NULL outside of calls. */
  const tool_call *call;
} crash_mark;

typedef struct crash_thread {
  crash_mark mark;
  /* Whether it is one of the host's, which enters packs. */
  int is_prepared;
} crash_thread;

/* The calling thread's. */
extern _Thread_local crash_thread crash_note_thread;

/* Handles SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP and SIGABRT, and exit() by a pack, from now on. JSON: whether the line is
   JSON or text; DESCRIPTOR: where it goes; END: is called before it is written, also in a signal handler, and keeps everybody
   else from writing there from now on. Once in a process, on one of the host's threads; without it nothing here has an
   effect. */
void crash_note_install(int json, int descriptor, void (*end)(void));

/* Tells which pack code at ADDRESS, and all of the same shared object, belongs to: for crashes on threads of its own. The
   latest word counts. At most 2,048 are remembered. */
void crash_note_add_pack(const void *address, tool_str pack);

/* The calling thread is one of the host's. Gives it a stack for signals, unless it has one, so that an overflow of its own
   leaves a note, too. */
void crash_note_prepare_thread(void);

/* A signal may come between any two of these: a subject never stands beside another's call. */
static inline void crash_note_set(crash_mark mark) {
  crash_note_thread.mark.subject = 0;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  crash_note_thread.mark.call = mark.call;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  crash_note_thread.mark.subject = mark.subject;
}

/* Before the calling thread enters a pack. Returns what to leave to: a pack may call the host, which enters another. */
static inline crash_mark crash_note_enter(const crash_subject *subject, const tool_call *call) {
  const crash_mark outer = crash_note_thread.mark, mark = {subject, call};
  if (!crash_note_thread.is_prepared) crash_note_prepare_thread();
  crash_note_set(mark);
  return outer;
}

/* Before a pack's call goes on in code of the host. Returns what to leave to. */
static inline crash_mark crash_note_suspend(void) {
  const crash_mark outer = crash_note_thread.mark, none = {0, 0};
  crash_note_set(none);
  return outer;
}

#ifdef __cplusplus
}
#endif

#endif
