/* A count of threads that is a process's own, where the system has such. */
#ifndef THREAD_COUNT_H
#define THREAD_COUNT_H

/* RLIMIT_NPROC (getrlimit(2)) counts the threads of all processes of a user. From this on it counts those of the
   calling process and of what it starts: the process gets a user namespace of its own (user_namespaces(7)), with the
   same user and group. In that it has every capability, which is to be given up. The process must have one thread.
   Returns 0, or an error: EPERM for root, whom RLIMIT_NPROC does not bind, and where the system forbids such
   namespaces; ENOSYS where they have no count of their own. Nothing has changed then. */
int count_threads_apart(void);

#endif
