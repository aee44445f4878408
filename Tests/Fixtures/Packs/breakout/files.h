/* Deeds by the name of a file. */
#ifndef BREAKOUT_FILES_H
#define BREAKOUT_FILES_H

#include <dirent.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "attempt.h"

static bool tell_bytes(attempt *it, int descriptor) {
  char bytes[4096];
  if (descriptor < 0) return false;
  const ssize_t count = read(descriptor, bytes, sizeof bytes);
  const int code = errno;
  close(descriptor);
  tell(it, "%zd bytes", count);
  errno = code;
  return count >= 0;
}

static bool read_file(attempt *it) { return tell_bytes(it, open(it->path, O_RDONLY | O_CLOEXEC)); }

static bool read_in_child(attempt *it) { return in_child(it, read_file); }

static bool list_folder(attempt *it) {
  DIR *folder = opendir(it->path);
  if (folder == NULL) return false;
  int count = 0;
  while (readdir(folder) != NULL) count++;
  closedir(folder);
  tell(it, "%d entries", count);
  return true;
}

static bool append_file(attempt *it) {
  const int file = open(it->path, O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0) return false;
  const ssize_t count = write(file, "x", 1);
  close(file);
  return count == 1;
}

static bool create_file(attempt *it) {
  return opened(open(it->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
}

/* Files that run as somebody else; what is made is removed. */
static bool made(attempt *it, bool is_made) {
  const int code = errno;
  if (is_made) unlink(it->path);
  errno = code;
  return is_made;
}
static bool make_program(attempt *it) {
  return made(it, opened(open(it->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 04700)));
}
static bool make_program_of_group(attempt *it) {
  return made(it, opened(openat(AT_FDCWD, it->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 02710)));
}
static bool make_node(attempt *it) { return made(it, mknod(it->path, S_IFREG | 04700, 0) == 0); }
static bool create_folder(attempt *it) { return mkdir(it->path, 0700) == 0; }
static bool create_link(attempt *it) { return symlink("/", it->path) == 0; }
static bool create_pipe(attempt *it) { return mkfifo(it->path, 0600) == 0; }
static bool open_to_read(attempt *it) { return opened(open(it->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)); }
static bool open_to_write(attempt *it) { return opened(open(it->path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)); }
static bool open_and_truncate(attempt *it) { return opened(open(it->path, O_RDONLY | O_TRUNC | O_CLOEXEC)); }
static bool truncate_file(attempt *it) { return truncate(it->path, 0) == 0; }
static bool remove_file(attempt *it) { return unlink(it->path) == 0; }
static bool rename_file(attempt *it) { return rename(it->path, it->other) == 0; }
static bool exchange_files(attempt *it) {
  return renameat2(AT_FDCWD, it->path, AT_FDCWD, it->other, RENAME_EXCHANGE) == 0;
}
static bool link_file(attempt *it) { return link(it->path, it->other) == 0; }

/* By a link of its own to it. */
static bool read_by_link(attempt *it) {
  if (symlink(it->path, it->other) != 0) return false;
  const bool got = tell_bytes(it, open(it->other, O_RDONLY | O_CLOEXEC));
  const int code = errno;
  unlink(it->other);
  errno = code;
  return got;
}

/* By its folder, which is entered. */
static bool read_from_inside(attempt *it) {
  const int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (before < 0 || chdir(it->path) != 0) return false;
  const bool got = tell_bytes(it, open(it->other, O_RDONLY | O_CLOEXEC));
  const int code = errno;
  if (fchdir(before) == 0) close(before);
  errno = code;
  return got;
}

/* By a descriptor that only stands for it. */
static bool read_by_place(attempt *it) {
  const int place = open(it->path, O_PATH | O_CLOEXEC);
  if (place < 0) return false;
  char name[64];
  snprintf(name, sizeof name, "/proc/self/fd/%d", place);
  const bool got = tell_bytes(it, open(name, O_RDONLY | O_CLOEXEC));
  const int code = errno;
  close(place);
  errno = code;
  return got;
}

/* By the number of the file, which no folder is asked for; other is a folder of its file system. */
static bool read_by_handle(attempt *it) {
  struct {
    struct file_handle head;
    unsigned char room[MAX_HANDLE_SZ];
  } handle = {.head = {.handle_bytes = MAX_HANDLE_SZ}};
  int mount = 0;
  const int place = open(it->other, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (place < 0) return false;
  bool got = name_to_handle_at(AT_FDCWD, it->path, &handle.head, &mount, 0) == 0 &&
             tell_bytes(it, open_by_handle_at(place, &handle.head, O_RDONLY | O_CLOEXEC));
  const int code = errno;
  close(place);
  errno = code;
  return got;
}

static bool change_mode(attempt *it) { return chmod(it->path, 0644) == 0; }
static bool change_mode_newly(attempt *it) { return syscall(452 /* fchmodat2 */, AT_FDCWD, it->path, 0644, 0) == 0; }
static bool change_owner(attempt *it) { return chown(it->path, geteuid(), getegid()) == 0; }
static bool change_times(attempt *it) { return utimensat(AT_FDCWD, it->path, NULL, 0) == 0; }
static bool change_attribute(attempt *it) { return setxattr(it->path, "user.breakout", "x", 1, 0) == 0; }

/* By a descriptor that may only read. */
static bool by_reader(attempt *it, int (*body)(int)) {
  const int file = open(it->path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  const int result = body(file), code = errno;
  close(file);
  errno = code;
  return result == 0;
}

static int change_mode_of(int file) { return fchmod(file, 0644); }
static int change_owner_of(int file) { return fchown(file, geteuid(), getegid()); }
static int change_times_of(int file) { return futimens(file, NULL); }
static int change_attribute_of(int file) { return fsetxattr(file, "user.breakout", "x", 1, 0); }
/* To what they are. */
static int change_flags_of(int file) {
  long flags = 0;
  return ioctl(file, FS_IOC_GETFLAGS, &flags) != 0 ? -1 : ioctl(file, FS_IOC_SETFLAGS, &flags);
}
static int lock_all_of(int file) { return flock(file, LOCK_EX | LOCK_NB); }
static int lease_to_read(int file) {
  if (fcntl(file, F_SETLEASE, F_RDLCK) != 0) return -1;
  return fcntl(file, F_SETLEASE, F_UNLCK);
}
/* A request that Btrfs has not, and nobody else. */
static int ask_btrfs_of(int file) { return ioctl(file, _IO(0x94, 255), 0); }
static bool take_lease(attempt *it) { return by_reader(it, lease_to_read); }
static bool ask_btrfs(attempt *it) { return by_reader(it, ask_btrfs_of); }
static bool change_mode_by_reader(attempt *it) { return by_reader(it, change_mode_of); }
static bool change_owner_by_reader(attempt *it) { return by_reader(it, change_owner_of); }
static bool change_times_by_reader(attempt *it) { return by_reader(it, change_times_of); }
static bool change_attribute_by_reader(attempt *it) { return by_reader(it, change_attribute_of); }
static bool change_flags_by_reader(attempt *it) { return by_reader(it, change_flags_of); }
static bool lock_file(attempt *it) { return by_reader(it, lock_all_of); }

static bool look_at_file(attempt *it) {
  struct stat status;
  if (stat(it->path, &status) != 0) return false;
  tell(it, "%lld bytes", (long long)status.st_size);
  return true;
}

static bool watch_folder(attempt *it) {
  const int watch = inotify_init1(IN_CLOEXEC);
  if (watch < 0) return false;
  const int result = inotify_add_watch(watch, it->path, IN_CREATE | IN_MODIFY | IN_OPEN), code = errno;
  close(watch);
  errno = code;
  return result >= 0;
}

/* A node of its own for the device that path is. */
static bool make_device(attempt *it) {
  struct stat status;
  if (stat(it->path, &status) != 0) return false;
  if (mknod(it->other, (status.st_mode & S_IFMT) | 0600, status.st_rdev) != 0) return false;
  const bool got = opened(open(it->other, O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const int code = errno;
  unlink(it->other);
  errno = code;
  return got;
}

/* All that a pack does with files of its own, in the folder path. */
static bool keep_files(attempt *it) {
  char name[PATH_MAX + 8], later[PATH_MAX + 8];
  snprintf(name, sizeof name, "%s/kept", it->path);
  snprintf(later, sizeof later, "%s/kept-2", it->path);
  const int file = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return false;
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  bool got = write(file, "kept", 4) == 4 && fcntl(file, F_SETLK, &lock) == 0 && fsync(file) == 0 &&
             ftruncate(file, 2) == 0;
  if (got) {
    void *bytes = mmap(NULL, 2, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    got = bytes != MAP_FAILED && munmap(bytes, 2) == 0;
  }
  int code = errno;
  close(file);
  if (!got) {
    errno = code;
    return false;
  }
  return rename(name, later) == 0 && link(later, name) == 0 && unlink(name) == 0 && unlink(later) == 0;
}

#endif
