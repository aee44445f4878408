#define _GNU_SOURCE
#include "crash_note.h"

#include "crash_blame.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

_Thread_local crash_thread crash_note_thread;

/* Written before crash_note_install returns. */
static int json_form;
static int output = STDERR_FILENO;
static void (*end_of_others)(void);
static pthread_key_t signal_stack_key;
/* Through these, memory is read that need not be there: see copy. One for ends of the process, one for looks. */
static int copying[2] = {-1, -1};
static int looking[2] = {-1, -1};
/* The process that notes are of; 0 before crash_note_install. A child that a pack forks has its parent's handlers. */
static pid_t noted_process;
/* Whether the end that is noted is somebody else's wish: no pack is to blame for a signal that came from outside. */
static int is_from_outside;

typedef struct pack_range {
  uintptr_t first, end;
  tool_str pack;
} pack_range;

static pack_range ranges[2048];
/* How many of them are complete. */
static atomic_size_t range_count;
static pthread_mutex_t ranges_lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- The line ---- */

typedef struct note_line {
  char text[1024];
  size_t count;
} note_line;

/* Keeps room for the end of the line. */
static void put(note_line *line, const char *text, size_t size) {
  for (size_t index = 0; index < size && line->count < sizeof line->text - 8; index++) {
    char byte = text[index];
    /* No name has a control character; a note never breaks its line for one that does. */
    if ((byte >= 0 && byte < ' ') || byte == 0x7F) byte = '?';
    if (json_form && (byte == '"' || byte == '\\')) line->text[line->count++] = '\\';
    line->text[line->count++] = byte;
  }
}

/* Of the host's own. */
static void put_raw(note_line *line, const char *text) {
  size_t size = strlen(text);
  if (size > sizeof line->text - 1 - line->count) return;
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

/* Reads up to 1,024 bytes, wherever the address came from: the system says of memory that is not there that it cannot
   be written to a pipe, which is in every sandbox. One at a time for each pipe. */
static int copy(const int through[2], void *bytes, const void *from, size_t size) {
  const ssize_t written = size == 0 ? 0 : write(through[1], from, size);
  const ssize_t copied = written <= 0 ? 0 : read(through[0], bytes, (size_t)written);
  return copied == (ssize_t)size;
}

/* Fields in the order of their names, as everywhere in the log. */
static void write_note(const char *message, const crash_subject *subject, const tool_call *call, const char *signal) {
  note_line line = {.count = 0};
  if (subject != NULL && !is_from_outside) crash_blame(subject->pack, signal);
  put_raw(&line, json_form ? "{\"time\":\"" : "");
  put_time(&line);
  put_raw(&line, json_form ? "\",\"level\":\"critical\",\"message\":\"" : " critical ");
  put_raw(&line, message);
  if (json_form) put_raw(&line, "\"");
  if (subject != NULL) put_field(&line, "pack", subject->pack);
  /* What a call points to may have been damaged by what crashed. */
  char request_id[128];
  tool_str known = {request_id, call == NULL ? 0 : call->request_id.size};
  if (known.size <= sizeof request_id && call != NULL && copy(copying, request_id, call->request_id.data, known.size))
    put_field(&line, "request_id", known);
  put_field(&line, "signal", string(signal));
  if (subject != NULL) put_field(&line, "tool", subject->tool);
  if (json_form) put_raw(&line, "}");
  line.text[line.count++] = '\n';
  end_of_others();
  for (size_t written = 0; written < line.count;) {
    /* Where nobody reads what is written, the process still has to end. */
    struct pollfd ready = {.fd = output, .events = POLLOUT};
    if (poll(&ready, 1, 100) == 0) break;
    ssize_t count = write(output, line.text + written, line.count - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    written += (size_t)count;
  }
}

/* ---- Whose code it was ---- */

static const tool_str *pack_at(uintptr_t address) {
  size_t count = atomic_load_explicit(&range_count, memory_order_acquire);
#if defined(__aarch64__)
  address &= ((uintptr_t)1 << 48) - 1; /* return addresses may be signed in the bits above */
#endif
  /* A file gets its pack's name when it is started. */
  while (count-- > 0)
    if (address >= ranges[count].first && address < ranges[count].end) return &ranges[count].pack;
  return NULL;
}

/* The pack that called what a thread is in, such as abort or memcpy: the first address on the stack that is one of a
   pack's code. NULL also while another thread looks. */
static const tool_str *pack_on_stack(uintptr_t stack) {
  /* Parts that lie within a page each: what cannot be read of one does not keep the others from being read. */
  static uintptr_t part[128];
  static atomic_flag is_busy = ATOMIC_FLAG_INIT;
  const tool_str *found = NULL;
  if (atomic_flag_test_and_set(&is_busy)) return NULL;
  for (uintptr_t end = stack + 16384; stack < end && found == NULL;) {
    const size_t size = sizeof part - stack % sizeof part;
    if (!copy(copying, part, (const void *)stack, size)) break;
    for (size_t index = 0; index < size / sizeof part[0] && found == NULL; index++) found = pack_at(part[index]);
    stack += size;
  }
  atomic_flag_clear(&is_busy);
  return found;
}

/* The pack that the thread was in when a signal came, or that called what it was in. On threads of the host the stack
   is not looked through, where addresses may be left of a call that is over: those are in a pack only between enter and
   leave. */
static const tool_str *pack_of_thread(void *context) {
  const ucontext_t *machine = context;
#if defined(__x86_64__)
  uintptr_t place = (uintptr_t)machine->uc_mcontext.gregs[REG_RIP], caller = 0;
  uintptr_t stack = (uintptr_t)machine->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
  uintptr_t place = (uintptr_t)machine->uc_mcontext.pc, caller = (uintptr_t)machine->uc_mcontext.regs[30];
  uintptr_t stack = (uintptr_t)machine->uc_mcontext.sp;
#else
  (void)machine;
  uintptr_t place = 0, caller = 0, stack = 0;
#endif
  const tool_str *found = pack_at(place);
  if (found != NULL || stack == 0 || crash_note_thread.is_prepared) return found;
  found = pack_at(caller);
  return found != NULL ? found : pack_on_stack(stack);
}

static void note_crash(const char *signal, void *context) {
  const crash_mark mark = crash_note_thread.mark;
  if (mark.subject != NULL) {
    write_note(mark.subject->tool.size > 0 ? "crashed in a tool" : "crashed in a pack", mark.subject, mark.call, signal);
    return;
  }
  const tool_str *pack = pack_of_thread(context);
  const crash_subject subject = {.pack = pack == NULL ? string(NULL) : *pack, .tool = string(NULL)};
  write_note(pack == NULL ? "crashed" : "crashed in a pack", &subject, NULL, signal);
}

/* ---- Signals ---- */

static const struct {
  int number;
  const char *name;
} signals[] = {{SIGSEGV, "SIGSEGV"}, {SIGBUS, "SIGBUS"},   {SIGILL, "SIGILL"}, {SIGFPE, "SIGFPE"},
               {SIGTRAP, "SIGTRAP"}, {SIGABRT, "SIGABRT"}, {SIGSYS, "SIGSYS"}};

/* What handled each of them before. */
static struct sigaction previous[sizeof signals / sizeof signals[0]];

static size_t index_of(int number) {
  size_t index = 0;
  while (index < sizeof signals / sizeof signals[0] - 1 && signals[index].number != number) index++;
  return index;
}

/* Whether a signal would do nothing without a handler: one that somebody sent and that is ignored, which the first
   process of a container ignores even where others end by it. */
static int is_harmless(size_t index, const siginfo_t *info) {
  if (info->si_code > 0 || (previous[index].sa_flags & SA_SIGINFO)) return 0;
  if (previous[index].sa_handler == SIG_IGN) return 1;
  return previous[index].sa_handler == SIG_DFL && noted_process == 1 && info->si_pid != noted_process;
}

/* Hands the signal on to what handled it before. It comes again as it came, so that the process ends even if what
   failed no longer does, and is taken when the handler returns, at the instruction that failed. A runtime that came
   with a pack may stand between the system and this handler, so it is not left to SA_RESETHAND. */
static void hand_on(int number, size_t index, siginfo_t *info) {
  const struct sigaction *before = &previous[index];
  sigaction(number, before, NULL);
  const int ends = !(before->sa_flags & SA_SIGINFO) && before->sa_handler == SIG_DFL;
  if (noted_process == 1 && ends && getpid() == noted_process) {
    /* The first process of a container ends by what fails once more, and by nothing that is sent. */
    if (info->si_code <= 0 || number == SIGTRAP) syscall(SYS_exit_group, 128 + number);
    return;
  }
  if (syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), number, info) != 0) raise(number);
}

/* One end of the process is noted. Returns whether it is the caller's; where it is another thread's, after its note:
   that takes little more than a second at most. */
static atomic_flag is_noted = ATOMIC_FLAG_INIT;
static atomic_bool is_written;

static int begin_note(void) {
  if (!atomic_flag_test_and_set(&is_noted)) return 1;
  const struct timespec moment = {.tv_nsec = 1000000};
  for (int moments = 0; moments < 1250 && !atomic_load(&is_written); moments++) nanosleep(&moment, NULL);
  return 0;
}

static void handle(int number, siginfo_t *info, void *context) {
  const int error = errno;
  const size_t index = index_of(number);
  if (getpid() != noted_process) {
    /* A child ends, and nobody but its parent need know. */
  } else if (is_harmless(index, info)) {
    errno = error;
    return;
  } else if (begin_note()) {
    is_from_outside = info->si_code <= 0 && info->si_pid != noted_process;
    note_crash(signals[index].name, context);
    atomic_store(&is_written, 1);
  }
  hand_on(number, index, info);
  errno = error;
}

/* Whether the calling thread ends the process because a pack says so: it is inside one, or is none of the host's. */
static int is_ended_by_pack(void) {
  if (noted_process == 0 || getpid() != noted_process) return 0;
  return crash_note_thread.mark.subject != NULL || !crash_note_thread.is_prepared;
}

/* Says whose code ends the process, and ends it as a failure. */
static void end_for_pack(uintptr_t stack) {
  const crash_mark mark = crash_note_thread.mark;
  if (begin_note()) {
    if (mark.subject != NULL) {
      write_note(
          mark.subject->tool.size > 0 ? "a tool ended the process" : "a pack ended the process", mark.subject, mark.call,
          NULL);
    } else {
      const tool_str *pack = pack_on_stack(stack);
      const crash_subject subject = {.pack = pack == NULL ? string(NULL) : *pack, .tool = string(NULL)};
      write_note(
          pack == NULL ? "a thread that is none of the host's ended the process" : "a pack ended the process", &subject,
          NULL, NULL);
    }
    atomic_store(&is_written, 1);
  }
  syscall(SYS_exit_group, crash_note_exit_status);
}

/* exit() and quick_exit() run this on the thread that called them. */
static void note_exit(void) {
  if (is_ended_by_pack()) end_for_pack((uintptr_t)__builtin_frame_address(0));
}

/* In place of the C library's: packs find this one first, as it is the program's. A child that has not replaced itself
   by another program ends as it wants to. */
__attribute__((visibility("default"))) _Noreturn void _exit(int status) {
  if (is_ended_by_pack()) end_for_pack((uintptr_t)__builtin_frame_address(0));
  for (;;) syscall(SYS_exit_group, status);
}

__attribute__((visibility("default"))) _Noreturn void _Exit(int status) { _exit(status); }

void crash_note_say(const char *message) {
  if (noted_process == 0 || !begin_note()) return;
  write_note(message, NULL, NULL, NULL);
  atomic_store(&is_written, 1);
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
  if (noted_process == 0) return;
  crash_note_thread.is_prepared = 1;
  stack_t known;
  if (sigaltstack(NULL, &known) != 0 || !(known.ss_flags & SS_DISABLE)) return;
  void *memory = mmap(NULL, signal_stack_size(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  const stack_t new = {.ss_sp = memory, .ss_size = signal_stack_size()};
  if (sigaltstack(&new, NULL) != 0 || pthread_setspecific(signal_stack_key, memory) != 0) free_signal_stack(memory);
}

void crash_note_install(int json, int descriptor, void (*end)(void)) {
  json_form = json;
  output = descriptor;
  end_of_others = end;
  if (pipe2(copying, O_CLOEXEC | O_NONBLOCK) != 0 || pipe2(looking, O_CLOEXEC | O_NONBLOCK) != 0) return;
  if (pthread_key_create(&signal_stack_key, free_signal_stack) != 0) return;
  struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  /* Whoever started this process may have blocked them: a fault would end it without a word then. */
  sigset_t set;
  sigemptyset(&set);
  for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++) {
    sigaction(signals[index].number, &action, &previous[index]);
    sigaddset(&set, signals[index].number);
  }
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  noted_process = getpid();
  crash_note_prepare_thread();
  atexit(note_exit);
  at_quick_exit(note_exit);
}

/* ---- Looks from another thread ---- */

const crash_thread *crash_note_prepare_loop(void) {
  crash_note_prepare_thread();
  crash_note_thread.loop_id = (int)syscall(SYS_gettid);
  return &crash_note_thread;
}

int crash_note_look(const crash_thread *thread, crash_sight *sight) {
  sight->moves = __atomic_load_n(&thread->moves, __ATOMIC_ACQUIRE);
  sight->subject = __atomic_load_n(&thread->mark.subject, __ATOMIC_ACQUIRE);
  sight->request_id_size = 0;
  const tool_call *call = __atomic_load_n(&thread->mark.call, __ATOMIC_ACQUIRE);
  tool_str id = {NULL, 0};
  /* A call that ends meanwhile takes its memory along. */
  if (sight->subject != NULL && call != NULL && copy(looking, &id, &call->request_id, sizeof id) &&
      id.size <= sizeof sight->request_id && copy(looking, sight->request_id, id.data, id.size))
    sight->request_id_size = id.size;
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  return __atomic_load_n(&thread->moves, __ATOMIC_RELAXED) == sight->moves;
}

const tool_str *crash_note_pack(void *context) {
  const crash_mark mark = crash_note_thread.mark;
  return mark.subject != NULL ? &mark.subject->pack : pack_of_thread(context);
}

/* ---- Packs ---- */

typedef struct search {
  uintptr_t address;
  tool_str pack;
} search;

static int contains(const struct dl_phdr_info *info, const ElfW(Phdr) *segment, uintptr_t address) {
  return segment->p_type == PT_LOAD && address - (info->dlpi_addr + segment->p_vaddr) < segment->p_memsz;
}

/* Remembers the code of the shared object that the address is in. */
static int look(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  const search *search = context;
  int is_found = 0;
  for (int index = 0; index < info->dlpi_phnum; index++)
    if (contains(info, &info->dlpi_phdr[index], search->address)) is_found = 1;
  if (!is_found) return 0;
  size_t count = atomic_load_explicit(&range_count, memory_order_relaxed);
  for (int index = 0; index < info->dlpi_phnum && count < sizeof ranges / sizeof ranges[0]; index++) {
    const ElfW(Phdr) *segment = &info->dlpi_phdr[index];
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
    const uintptr_t first = info->dlpi_addr + segment->p_vaddr;
    ranges[count++] = (pack_range){.first = first, .end = first + segment->p_memsz, .pack = search->pack};
  }
  atomic_store_explicit(&range_count, count, memory_order_release);
  return 1;
}

void crash_note_add_pack(const void *address, tool_str pack) {
  search search = {.address = (uintptr_t)address, .pack = pack};
  pthread_mutex_lock(&ranges_lock);
  dl_iterate_phdr(look, &search);
  pthread_mutex_unlock(&ranges_lock);
}
