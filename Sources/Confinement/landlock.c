/* Files, and other processes, by Landlock: whatever is not named cannot be opened. */
#include "landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

/* Rights to files, in the order of linux/landlock.h. */
enum {
  fs_execute = 1 << 0,
  fs_write_file = 1 << 1,
  fs_read_file = 1 << 2,
  fs_read_folder = 1 << 3,
  fs_remove_folder = 1 << 4,
  fs_remove_file = 1 << 5,
  fs_make_character_device = 1 << 6,
  fs_make_folder = 1 << 7,
  fs_make_file = 1 << 8,
  fs_make_socket = 1 << 9,
  fs_make_pipe = 1 << 10,
  fs_make_block_device = 1 << 11,
  fs_make_link = 1 << 12,
  fs_move = 1 << 13,          /* version 2 */
  fs_truncate = 1 << 14,      /* version 3 */
  fs_device_control = 1 << 15 /* version 5 */
};

/* Of versions 4 (TCP) and 6 (abstract Unix sockets and signals). */
enum { net_bind_tcp = 1 << 0, net_connect_tcp = 1 << 1, scope_abstract_socket = 1 << 0, scope_signal = 1 << 1 };

typedef struct ruleset {
  uint64_t files;
  uint64_t network;
  uint64_t scoped;
} ruleset;

/* The kernel's struct has no gap. */
typedef struct __attribute__((packed)) path_rule {
  uint64_t allowed;
  int32_t parent;
} path_rule;

int kernel_landlock(void) {
  const long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
  return version > 0 ? (int)version : 0;
}

static uint64_t known_rights(int version) {
  uint64_t rights = fs_move - 1;
  if (version >= 2) rights |= fs_move;
  if (version >= 3) rights |= fs_truncate;
  if (version >= 5) rights |= fs_device_control;
  return rights;
}

static uint64_t rights(uint32_t access, int is_folder) {
  uint64_t rights = 0;
  if (access & confine_read) rights |= fs_read_file | (is_folder ? fs_read_folder : 0);
  if (access & confine_execute) rights |= fs_execute;
  if (access & confine_write) {
    rights |= fs_write_file | fs_truncate | fs_device_control;
    /* Never devices. */
    if (is_folder)
      rights |= fs_remove_folder | fs_remove_file | fs_make_folder | fs_make_file | fs_make_socket | fs_make_pipe |
                fs_make_link | fs_move;
  }
  return rights;
}

/* What a path names where no link is on the way: a pack that may write there could have put it there meanwhile. */
static int place_of(const char *path) {
  const struct {
    uint64_t flags, mode, resolve;
  } how = {010000000 /* O_PATH */ | O_NOFOLLOW | O_CLOEXEC, 0, 0x04 /* RESOLVE_NO_SYMLINKS */};
  const int place = (int)syscall(437 /* openat2 */, AT_FDCWD, path, &how, sizeof how);
  /* A filter of whoever started the host may know nothing of it. */
  if (place < 0 && (errno == ENOSYS || errno == EPERM)) return open(path, (int)how.flags);
  return place;
}

/* A path that is not there, or that cannot be reached, is one that is not opened. One that is a link gives nothing:
   where it leads may be what is to be hidden. */
static int add_path(int rules, const confined_path *path, uint64_t known) {
  const int place = place_of(path->path);
  if (place < 0) return 0;
  struct stat status;
  int error = 0;
  if (fstat(place, &status) == 0 && !S_ISLNK(status.st_mode)) {
    const path_rule rule = {rights(path->access, S_ISDIR(status.st_mode)) & known, place};
    if (rule.allowed != 0 && syscall(SYS_landlock_add_rule, rules, 1, &rule, 0) != 0) error = errno;
    /* What lies in no file system of its own, such as a pipe, needs no rule. */
    if (error == EBADFD) error = 0;
  }
  close(place);
  return error;
}

int hold_to_paths(const confinement *wanted, int version) {
  ruleset set = {known_rights(version), 0, 0};
  size_t size = sizeof set.files;
  if (version >= 4) {
    size = 2 * sizeof set.files;
    if (wanted->network != network_any) set.network = net_bind_tcp | net_connect_tcp;
  }
  if (version >= 6) {
    size = sizeof set;
    set.scoped = scope_abstract_socket | scope_signal;
  }
  const int rules = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
  if (rules < 0) return errno;
  int error = 0;
  for (size_t index = 0; index < wanted->path_count && error == 0; index++)
    error = add_path(rules, &wanted->paths[index], set.files);
  if (error == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0) error = errno;
  close(rules);
  return error;
}
