#define _GNU_SOURCE
#include "program_pages.h"

#include <link.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

/* Called for the program first, and then no more. */
static int drop(struct dl_phdr_info *program, size_t size, void *nothing) {
  (void)size, (void)nothing;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  for (int index = 0; index < program->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &program->dlpi_phdr[index];
    if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
    /* Whole pages: one at the end may hold the beginning of another segment. */
    const uintptr_t first = program->dlpi_addr + segment->p_vaddr, end = first + segment->p_memsz;
    const uintptr_t begin = (first + page - 1) / page * page, behind = end / page * page;
    if (begin < behind) madvise((void *)begin, behind - begin, MADV_DONTNEED);
  }
  return 1;
}

void program_pages_drop(void) { dl_iterate_phdr(drop, NULL); }
