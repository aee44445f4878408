/* Becomes a program that may make only the system calls, and the sockets, that a systemd unit lets it: with what
   SystemCallFilter= and RestrictAddressFamilies= come to, where there is no systemd to ask.
   Usage: unit_filter NAMES FAMILIES PROGRAM [ARGUMENT...]
   NAMES is a file with the name of a system call a line, FAMILIES the numbers of families with commas. */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Linux has fewer (AF_MAX). */
enum { families = 64 };

static int fail(const char *what, int code) {
  fprintf(stderr, "unit_filter: %s: %s\n", what, strerror(code));
  return 1;
}

int main(int count, char **words) {
  char line[128];
  if (count < 4) return fail("arguments", EINVAL);
  FILE *names = fopen(words[1], "r");
  if (names == NULL) return fail(words[1], errno);
  scmp_filter_ctx calls = seccomp_init(SCMP_ACT_ERRNO(EPERM)), sockets = seccomp_init(SCMP_ACT_ALLOW);
  while (fgets(line, sizeof line, names) != NULL) {
    line[strcspn(line, "\n")] = 0;
    const int number = seccomp_syscall_resolve_name(line);
    /* Of another architecture. */
    if (number < 0) continue;
    const int code = seccomp_rule_add(calls, SCMP_ACT_ALLOW, number, 0);
    if (code != 0) return fail(line, -code);
  }
  fclose(names);
  char allowed[families] = {0};
  for (char *word = strtok(words[2], ","); word != NULL; word = strtok(NULL, ",")) {
    const int family = atoi(word);
    if (family > 0 && family < families) allowed[family] = 1;
  }
  for (unsigned family = 0; family < families; family++) {
    if (allowed[family]) continue;
    const int code = seccomp_rule_add(sockets, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket), 1,
                                      SCMP_A0(SCMP_CMP_EQ, family));
    if (code != 0) return fail("socket", -code);
  }
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return fail("no_new_privs", errno);
  int code = seccomp_load(sockets);
  if (code == 0) code = seccomp_load(calls);
  if (code != 0) return fail("seccomp", -code);
  execv(words[3], words + 3);
  return fail(words[3], errno);
}
