/* Signals as something to read: what a handler may not do is done by whoever reads.

   A handler, and neither an ignored signal nor a blocked one: those would be handed down to the programs that packs
   start, which then could not be ended. (SIGPIPE alone is ignored, as libraries do that anyway.) In C, since a handler
   may call little more than write(2) (signal-safety(7)). */
#ifndef SIGNAL_PIPE_H
#define SIGNAL_PIPE_H

#include "tool_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A signal that came. Of several of one number that came before the first was read there is one. */
typedef struct signal_news {
  int32_t number;
  /* Whether this very process sent it, which the host never does. */
  int32_t is_own;
  /* The pack that sent it; empty where it was not own, or where that is not known. Never freed. */
  tool_str pack;
} signal_news;

/* How many seconds after a signal that asks for a stop another one ends the process at once. */
enum { signal_pipe_patience = 1 };

/* Makes the pipe. Once in a process, before the next three. Returns 0 or an errno. */
int signal_pipe_open(void);

/* Catches NUMBER from now on, whatever happened to it before. ASKS_FOR_STOP: a second one ends the process with status
   1, at once and even where nobody reads. Returns 0 or an errno. */
int signal_pipe_catch(int number, int asks_for_stop);

/* Whether NUMBER was ignored when this process began, or since. */
int signal_pipe_is_ignored(int number);

/* Has the reader find news with the number 0: this process can do nothing more and has to stop. Any thread. */
void signal_pipe_give_up(void);

/* Whether a signal has come that asks for a stop, read or not. */
int signal_pipe_is_stop_asked(void);

/* Waits for a signal, for MILLISECONDS at most; negative: for as long as it takes. Returns 1 when one came, 0 when none
   did, and
   -1 when none can come any more: a pack has closed what it did not open. */
int signal_pipe_read(signal_news *news, int milliseconds);

#ifdef __cplusplus
}
#endif

#endif
