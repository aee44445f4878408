/* What a process gives up before it loads a pack: in C, since it is done by system calls that Swift cannot write. */
#ifndef CONFINEMENT_H
#define CONFINEMENT_H

#include <stddef.h>
#include <stdint.h>

/* What may be done with a file, or with all that lies in a folder. */
enum { confine_read = 1, confine_write = 2, confine_execute = 4 };

typedef struct confined_path {
  const char *path;
  uint32_t access;
} confined_path;

/* Kinds of sockets that may be made. */
typedef enum { network_none = 0, network_unix = 1, network_any = 2 } confined_network;

typedef struct confinement {
  const confined_path *paths;
  size_t path_count;
  /* The highest version of Landlock that is used; 0: none. */
  int32_t landlock_limit;
  confined_network network;
  int32_t allows_processes;
  /* Whether refused system calls are told to whoever holds `listener`, and wait for their answer. Else they are just
     refused. */
  int32_t tells_refusals;
} confinement;

/* What came of it. Of an error, 0 means that there was none. */
typedef struct confinement_result {
  /* The version in force; 0: none. */
  int32_t landlock_version;
  int32_t landlock_error;
  int32_t system_call_error;
  int32_t privilege_error;
  /* Why refused system calls are not told, where they were to be. */
  int32_t listener_error;
  /* A descriptor, to be handed on; -1 where refused system calls are not told. */
  int32_t listener;
} confinement_result;

/* Confines the calling process, for good, and whatever it starts. Returns 0, or -1 where nothing was done because it
   has more than one thread: the others would stay as they are. */
int confine_process(const confinement *wanted, confinement_result *result);

/* A refused system call that waits for an answer. */
typedef struct refused_call {
  uint64_t id;
  /* The thread. */
  int32_t thread;
  uint64_t arguments[6];
  /* Its name; empty where it has none here. */
  char name[32];
} refused_call;

/* Takes the next one. Returns 0; -1 and errno where there is none. */
int next_refused_call(int listener, refused_call *call);

/* Lets it go on (LETS), or has it fail with ERROR. */
void answer_refused_call(int listener, uint64_t id, int lets, int error);

#endif
