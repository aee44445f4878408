/* Writes down what it finds around it while it is loaded, line by line into the file that SURROUNDINGS names: the
   process, its descriptors, its signals, and a child that it leaves behind. */
#include "fixture.h"

#include <dirent.h>

static void copy_signals(FILE *out) {
  char line[256];
  FILE *status = fopen("/proc/self/status", "r");
  if (status == NULL) return;
  while (fgets(line, sizeof line, status) != NULL)
    if (strncmp(line, "SigBlk:", 7) == 0 || strncmp(line, "SigIgn:", 7) == 0) fputs(line, out);
  fclose(status);
}

static void list_descriptors(FILE *out) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL) return;
  for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
    const int number = atoi(entry->d_name);
    char path[64], target[512];
    if (entry->d_name[0] == '.' || number == dirfd(folder) || number == fileno(out)) continue;
    snprintf(path, sizeof path, "/proc/self/fd/%d", number);
    const ssize_t size = readlink(path, target, sizeof target);
    fprintf(out, "descriptor %d %.*s\n", number, size < 0 ? 0 : (int)size, target);
  }
  closedir(folder);
}

__attribute__((constructor)) static void look(void) {
  const char *path = getenv("SURROUNDINGS");
  FILE *out = path == NULL ? NULL : fopen(path, "a");
  if (out == NULL) return;
  fprintf(out, "process %d\n", (int)getpid());
  list_descriptors(out);
  copy_signals(out);
  fflush(out);
  const pid_t child = fork();
  if (child == 0) fixture_hang();
  fprintf(out, "child %d\n", (int)child);
  fclose(out);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("surroundings", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {PACK("surroundings", tools), .invoke = invoke};
EXPORT(pack)
