/* The pages of the host's own program, in C because of dl_iterate_phdr(3). */
#ifndef PROGRAM_PAGES_H
#define PROGRAM_PAGES_H

#ifdef __cplusplus
extern "C" {
#endif

/* Takes the pages of the program's segments that are not writable out of the process's memory: nobody unmaps these or
   writes to them, so each is mapped again from the file when it is touched. Any thread. */
void program_pages_drop(void);

#ifdef __cplusplus
}
#endif

#endif
