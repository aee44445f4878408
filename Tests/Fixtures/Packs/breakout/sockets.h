/* Deeds by sockets. */
#ifndef BREAKOUT_SOCKETS_H
#define BREAKOUT_SOCKETS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "attempt.h"

/* A socket that is connected, or a negative number. */
static int connected(int family, const void *address, socklen_t size) {
  const int end = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (end < 0) return -1;
  if (connect(end, address, size) == 0) return end;
  const int code = errno;
  close(end);
  errno = code;
  return -1;
}

static int connected_to_path(const char *path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, path, strnlen(path, sizeof address.sun_path - 1));
  return connected(AF_UNIX, &address, sizeof address);
}

static bool connect_to_path(attempt *it) { return opened(connected_to_path(it->path)); }

static bool connect_to_abstract(attempt *it) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  const size_t size = strnlen(it->text, sizeof address.sun_path - 1);
  memcpy(address.sun_path + 1, it->text, size);
  return opened(connected(AF_UNIX, &address, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + size)));
}

static struct sockaddr_in loopback(long port) {
  return (struct sockaddr_in){
      .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
}

static bool connect_to_port(attempt *it) {
  struct sockaddr_in address = loopback(it->number);
  return opened(connected(AF_INET, &address, sizeof address));
}

static bool listen_at_port(attempt *it) {
  struct sockaddr_in address = loopback(0);
  (void)it;
  const int end = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (end < 0) return false;
  const bool got = bind(end, (struct sockaddr *)&address, sizeof address) == 0 && listen(end, 1) == 0;
  const int code = errno;
  close(end);
  errno = code;
  return got;
}

static bool send_datagram(attempt *it) {
  struct sockaddr_in address = loopback(it->number);
  const int end = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (end < 0) return false;
  const bool got = sendto(end, "x", 1, 0, (struct sockaddr *)&address, sizeof address) == 1;
  const int code = errno;
  close(end);
  errno = code;
  return got;
}

static bool sent_to_path(attempt *it, int end) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  memcpy(address.sun_path, it->path, strnlen(it->path, sizeof address.sun_path - 1));
  const bool got = sendto(end, "x", 1, 0, (struct sockaddr *)&address, sizeof address) == 1;
  const int code = errno;
  close(end);
  errno = code;
  return got;
}

static bool send_to_path(attempt *it) {
  const int end = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  return end >= 0 && sent_to_path(it, end);
}

/* Which no rule for socket() sees. */
static bool send_to_path_by_pair(attempt *it) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_RAW | SOCK_CLOEXEC, 0, ends) != 0) return false;
  close(ends[1]);
  return sent_to_path(it, ends[0]);
}

static bool make_pair(attempt *it) {
  int ends[2];
  (void)it;
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return false;
  close(ends[0]);
  close(ends[1]);
  return true;
}

/* number is a family. */
static bool make_socket(attempt *it) {
  const int kind = it->number == AF_NETLINK || it->number == AF_PACKET ? SOCK_RAW
                   : it->number == AF_ALG                              ? SOCK_SEQPACKET
                                                                       : SOCK_STREAM;
  return opened(socket((int)it->number, kind | SOCK_CLOEXEC, 0));
}

/* Asks the host at path for its status, with the key that the file other has, or else with text. */
static bool command_host(attempt *it) {
  char words[2048] = "";
  if (it->other[0] != 0) {
    const int file = open(it->other, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const ssize_t count = read(file, words, sizeof words - 64);
    close(file);
    if (count < 0) return false;
    words[count] = 0;
  } else {
    snprintf(words, sizeof words - 64, "%s\n", it->text);
  }
  strcat(words, "{\"command\":\"status\"}\n");
  const int end = connected_to_path(it->path);
  if (end < 0) return false;
  char answer[256] = "";
  struct pollfd watched = {.fd = end, .events = POLLIN};
  (void)!send(end, words, strlen(words), MSG_NOSIGNAL);
  const bool came = poll(&watched, 1, 10000) == 1 && recv(end, answer, sizeof answer - 1, 0) > 0;
  close(end);
  if (!came) return refuse(it, "no answer");
  if (strncmp(answer, "{\"ok\"", 5) == 0) return true;
  return refuse(it, strstr(answer, "\"forbidden\"") != NULL ? "forbidden" : "other answer");
}

#endif
