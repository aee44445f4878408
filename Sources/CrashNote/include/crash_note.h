/* The last line of the log: what ran on the thread whose crash ends the process.

   A pack shares the host's process, so a crash in one ends it, and the call that did it never gets its line. A handler
   of the signals that end a process by a fault writes one instead, and leaves the signal its effect: exit status, core
   dump and supervisor see what they would see without it.

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
  /* Who judges how long its buffers take to be released; NULL: nobody. Means nothing here. */
  const void *judge;
} crash_subject;

/* Whose code a thread is in; subject is NULL while that is nobody's but the host's. */
typedef struct crash_mark {
  const crash_subject *subject;
  /* NULL outside of calls. */
  const tool_call *call;
} crash_mark;

typedef struct crash_thread {
  crash_mark mark;
  /* How often the mark changed: whoever looks from another thread sees by it that nothing moved meanwhile. */
  uint64_t moves;
  /* Whether it is one of the host's, which enters packs. */
  int is_prepared;
  /* Its number, where it is one of those that read the network and nothing may take long; 0 elsewhere. */
  int loop_id;
} crash_thread;

/* The calling thread's. */
extern _Thread_local crash_thread crash_note_thread;

/* The status with which the process ends where a pack ended it: what the pack asks for would tell a supervisor that the
   end was intended. */
enum { crash_note_exit_status = 71 };

/* Handles SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGABRT and SIGSYS, and the ends that a pack brings about by
   exit(), quick_exit() and _exit(), from now on. JSON: whether the line is JSON or text; DESCRIPTOR: where it goes;
   END: is called before it is written, also in a signal handler, and keeps everybody else from writing there from now
   on. Once in a process, on one of the host's threads; without it nothing here has an effect. */
void crash_note_install(int json, int descriptor, void (*end)(void));

/* Tells which pack code at ADDRESS, and all of the same shared object, belongs to: for crashes on threads of its own.
   The latest word counts. At most 2,048 are remembered. */
void crash_note_add_pack(const void *address, tool_str pack);

/* The calling thread is one of the host's. Gives it a stack for signals, unless it has one, so that an overflow of its
   own leaves a note, too. */
void crash_note_prepare_thread(void);

/* The same for a thread that reads the network. Returns its own state, for crash_note_look on another thread, which
   stays where it is for as long as the thread lives. */
const crash_thread *crash_note_prepare_loop(void);

/* What another thread of the host is in. */
typedef struct crash_sight {
  /* As often as it entered or left a pack. */
  uint64_t moves;
  /* NULL: in nobody's code but the host's. */
  const crash_subject *subject;
  /* Of the call that it is in; not ended by a zero. */
  char request_id[128];
  uint64_t request_id_size;
} crash_sight;

/* Looks where THREAD is, a second or more after it last moved. Returns whether it stayed there meanwhile; where it did
   not, what was seen means nothing. For one thread at a time. */
int crash_note_look(const crash_thread *thread, crash_sight *sight);

/* Writes MESSAGE as the last line of the log, as a crash does; where one has ended the process already, nothing. Also
   in a signal handler. */
void crash_note_say(const char *message);

/* The pack whose code the calling thread is in, inside a signal handler: CONTEXT is what that was given. NULL where it
   is nobody's. */
const tool_str *crash_note_pack(void *context);

/* A signal may come between any two of these: a subject never stands beside another's call. */
static inline void crash_note_set(crash_mark mark) {
  __atomic_store_n(&crash_note_thread.moves, crash_note_thread.moves + 1, __ATOMIC_RELAXED);
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

/* Whether the calling thread is one of those that read the network. */
static inline int crash_note_is_loop(void) { return crash_note_thread.loop_id != 0; }

/* Whether the calling thread's stay in a pack is one of the few of which the time is taken. */
static inline int crash_note_is_sample(void) { return (crash_note_thread.moves >> 2 & 15) == 0; }

#ifdef __cplusplus
}
#endif

#endif
