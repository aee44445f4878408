#define _GNU_SOURCE
#include "crash_note.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

_Thread_local crash_mark crash_note_mark;

/* Written before crash_note_install returns. */
static int json_form;
static int output = STDERR_FILENO;
static pthread_key_t signal_stack_key;

typedef struct pack_range {
  uintptr_t first, end;
  tool_str pack;
} pack_range;

static pack_range ranges[1024];
/* How many of them are complete. */
static atomic_size_t range_count;
static pthread_mutex_t ranges_lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- The line ---- */

typedef struct note_line {
  char text[1024];
  size_t count;
} note_line;

static void put(note_line *line, const char *text, size_t size) {
  for (size_t index = 0; index < size && line->count < sizeof line->text - 4; index++) {
    char byte = text[index];
    /* Names of packs, tools and requests have none of these; a note never breaks its line for one that does. */
    if (byte == '"' || byte == '\\' || (byte >= 0 && byte < ' ') || byte == 0x7F) byte = '?';
    line->text[line->count++] = byte;
  }
}

/* Of the host's own. */
static void put_raw(note_line *line, const char *text) {
  size_t size = strlen(text);
  if (size > sizeof line->text - 4 - line->count) return;
  memcpy(line->text + line->count, text, size);
  line->count += size;
}

static void put_number(note_line *line, long number, int digits) {
  char text[20];
  for (int index = digits; index-- > 0; number /= 10) text[index] = (char)('0' + number % 10);
  put(line, text, (size_t)digits);
}

/* RFC 3339, UTC, milliseconds: gmtime_r is not among what a handler may call. */
static void put_time(note_line *line) {
  struct timespec now = {0};
  clock_gettime(CLOCK_REALTIME, &now);
  long days = now.tv_sec / 86400, second = now.tv_sec % 86400;
  /* Years that begin in March: the leap day comes last. 146097 days are 400 years. */
  long shifted = days + 719468, era = shifted / 146097, day_of_era = shifted % 146097;
  long year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  long day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  long shifted_month = (5 * day_of_year + 2) / 153;
  long day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  long month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  put_number(line, year_of_era + era * 400 + (month <= 2), 4);
  put_raw(line, "-");
  put_number(line, month, 2);
  put_raw(line, "-");
  put_number(line, day, 2);
  put_raw(line, "T");
  put_number(line, second / 3600, 2);
  put_raw(line, ":");
  put_number(line, second / 60 % 60, 2);
  put_raw(line, ":");
  put_number(line, second % 60, 2);
  put_raw(line, ".");
  put_number(line, now.tv_nsec / 1000000, 3);
  put_raw(line, "Z");
}

static void put_field(note_line *line, const char *name, tool_str value) {
  if (value.size == 0) return;
  put_raw(line, json_form ? ",\"" : " ");
  put_raw(line, name);
  put_raw(line, json_form ? "\":\"" : "=");
  put(line, value.data, value.size);
  if (json_form) put_raw(line, "\"");
}

static tool_str string(const char *text) {
  return (tool_str){text, text == NULL ? 0 : strlen(text)};
}

/* Fields in the order of their names, as everywhere in the log. */
static void write_note(const char *message, const crash_subject *subject, const tool_call *call, const char *signal) {
  note_line line = {.count = 0};
  put_raw(&line, json_form ? "{\"time\":\"" : "");
  put_time(&line);
  put_raw(&line, json_form ? "\",\"level\":\"critical\",\"message\":\"" : " critical ");
  put_raw(&line, message);
  if (json_form) put_raw(&line, "\"");
  if (subject != NULL) put_field(&line, "pack", subject->pack);
  if (call != NULL) put_field(&line, "request_id", call->request_id);
  put_field(&line, "signal", string(signal));
  if (subject != NULL) put_field(&line, "tool", subject->tool);
  if (json_form) put_raw(&line, "}");
  line.text[line.count++] = '\n';
  for (size_t written = 0; written < line.count;) {
    ssize_t count = write(output, line.text + written, line.count - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += (size_t)count;
  }
}

/* ---- Whose code it was ---- */

static const tool_str *pack_at(uintptr_t address) {
  size_t count = atomic_load_explicit(&range_count, memory_order_acquire);
  for (size_t index = 0; index < count; index++)
    if (address >= ranges[index].first && address < ranges[index].end) return &ranges[index].pack;
  return NULL;
}

/* The pack that the thread was in, or that called what it was in, such as abort or memcpy: the first address on the stack
   that is one of a pack. Only memory that is there is looked at. */
static const tool_str *pack_of_thread(void *context) {
  const ucontext_t *machine = context;
#if defined(__x86_64__)
  uintptr_t place = (uintptr_t)machine->uc_mcontext.gregs[REG_RIP];
  uintptr_t stack = (uintptr_t)machine->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
  uintptr_t place = (uintptr_t)machine->uc_mcontext.pc, stack = (uintptr_t)machine->uc_mcontext.sp;
#else
  (void)machine;
  uintptr_t place = 0, stack = 0;
#endif
  const tool_str *found = pack_at(place);
  if (found != NULL || stack == 0) return found;
  const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  stack = (stack + sizeof stack - 1) & ~(sizeof stack - 1);
  for (int pages = 0; pages < 4; pages++) {
    unsigned char residence;
    uintptr_t start = stack & ~(page - 1);
    if (mincore((void *)start, page, &residence) != 0) return NULL;
    for (; stack < start + page; stack += sizeof stack) {
      found = pack_at(*(const uintptr_t *)stack);
      if (found != NULL) return found;
    }
  }
  return NULL;
}

static void note_crash(const char *signal, void *context) {
  if (crash_note_mark.subject != NULL) {
    const crash_subject *subject = crash_note_mark.subject;
    write_note(subject->tool.size > 0 ? "crashed in a tool" : "crashed in a pack", subject, crash_note_mark.call, signal);
    return;
  }
  const tool_str *pack = pack_of_thread(context);
  crash_subject subject = {pack == NULL ? string(NULL) : *pack, string(NULL)};
  write_note(pack == NULL ? "crashed" : "crashed in a pack", &subject, NULL, signal);
}

/* ---- Signals ---- */

static const struct {
  int number;
  const char *name;
} signals[] = {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGILL, "SIGILL"},
               {SIGFPE, "SIGFPE"},   {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT"}};

static const char *name_of(int number) {
  for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++)
    if (signals[index].number == number) return signals[index].name;
  return NULL;
}

static void handle(int number, siginfo_t *info, void *context) {
  static atomic_flag is_noted = ATOMIC_FLAG_INIT;
  const int error = errno;
  if (!atomic_flag_test_and_set(&is_noted)) {
    note_crash(name_of(number), context);
  } else {
    /* Another thread crashed as well, and is just writing. */
    const struct timespec moment = {.tv_nsec = 100000000};
    nanosleep(&moment, NULL);
  }
  /* A runtime that came with a pack may stand between the system and this handler, so it is not left to SA_RESETHAND. The
     instruction then fails once more; what somebody sent has to be sent again. */
  const struct sigaction by_default = {.sa_handler = SIG_DFL};
  sigaction(number, &by_default, NULL);
  if (info->si_code <= 0) raise(number);
  errno = error;
}

/* exit() runs this on the thread that called it. */
static void note_exit(void) {
  if (crash_note_mark.subject == NULL) return;
  write_note(
      crash_note_mark.subject->tool.size > 0 ? "a tool ended the process" : "a pack ended the process",
      crash_note_mark.subject, crash_note_mark.call, NULL);
}

static size_t signal_stack_size(void) {
  const long size = sysconf(_SC_SIGSTKSZ);
  return size > 32768 ? (size_t)size : 32768;
}

static void free_signal_stack(void *stack) {
  const stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, NULL);
  munmap(stack, signal_stack_size());
}

void crash_note_prepare_thread(void) {
  crash_note_mark.has_signal_stack = 1;
  stack_t known;
  if (sigaltstack(NULL, &known) != 0 || !(known.ss_flags & SS_DISABLE)) return;
  void *memory = mmap(NULL, signal_stack_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  const stack_t new = {.ss_sp = memory, .ss_size = signal_stack_size()};
  if (sigaltstack(&new, NULL) != 0 || pthread_setspecific(signal_stack_key, memory) != 0) free_signal_stack(memory);
}

void crash_note_install(int json, int descriptor) {
  json_form = json;
  output = descriptor;
  if (pthread_key_create(&signal_stack_key, free_signal_stack) != 0) return;
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++)
    sigaction(signals[index].number, &action, NULL);
  atexit(note_exit);
}

/* ---- Packs ---- */

typedef struct search {
  uintptr_t base;
  pack_range found;
} search;

static int look(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  search *search = context;
  if (info->dlpi_addr != search->base) return 0;
  for (int index = 0; index < info->dlpi_phnum; index++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
    if (segment->p_type != PT_LOAD) continue;
    const uintptr_t first = info->dlpi_addr + segment->p_vaddr, end = first + segment->p_memsz;
    if (search->found.end == 0 || first < search->found.first) search->found.first = first;
    if (end > search->found.end) search->found.end = end;
  }
  return 1;
}

void crash_note_add_pack(const void *address, tool_str pack) {
  Dl_info info;
  if (dladdr(address, &info) == 0) return;
  search search = {.base = (uintptr_t)info.dli_fbase, .found = {.pack = pack}};
  if (dl_iterate_phdr(look, &search) == 0 || search.found.end == 0) return;
  pthread_mutex_lock(&ranges_lock);
  const size_t count = atomic_load_explicit(&range_count, memory_order_relaxed);
  if (count < sizeof ranges / sizeof ranges[0]) {
    ranges[count] = search.found;
    atomic_store_explicit(&range_count, count + 1, memory_order_release);
  }
  pthread_mutex_unlock(&ranges_lock);
}
