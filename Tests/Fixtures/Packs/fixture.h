/* What the fixture packs share: macros that fill in a well-formed pack, so that each file shows only what it breaks. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tool_abi.h"

#define STR(text) {text, sizeof(text) - 1}
#define HARMLESS (TOOL_READ_ONLY | TOOL_ADDITIVE | TOOL_IDEMPOTENT | TOOL_CLOSED)
#define ANY_OBJECT "{\"type\":\"object\",\"properties\":{}}"

/* The members every descriptor needs; further ones may follow inside the braces of the same initialiser. */
#define DESCRIBE(name_, flags_)                                                                      \
  .struct_size = sizeof(tool_descriptor), .flags = (flags_), .name = STR(name_),                     \
  .title = STR("Fixture " name_), .summary = STR("A tool that exists to test the host: " name_ "."), \
  .input_schema = STR(ANY_OBJECT), .output_schema = STR(ANY_OBJECT)

/* The members every pack needs. */
#define PACK(id_, tools_)                                                                     \
  .struct_size = sizeof(tool_pack), .abi_major = TOOL_ABI_MAJOR, .abi_minor = TOOL_ABI_MINOR, \
  .tool_count = sizeof(tools_) / sizeof((tools_)[0]), .id = STR(id_), .version = STR("1.0.0"), \
  .description = STR("A fixture."), .tools = tools_

#define EXPORT(pack_) \
  const tool_pack *tool_pack_entry_v1(void) { return &(pack_); }

static inline void fixture_free(void *owner, const uint8_t *data, uint64_t size) {
  (void)owner;
  (void)size;
  free((void *)(uintptr_t)data);
}

/* A copy of size bytes that the host gives back to free(). */
static inline tool_bytes fixture_bytes(const void *data, uint64_t size) {
  uint8_t *copy = malloc(size ? size : 1);
  memcpy(copy, data, size);
  return (tool_bytes){copy, size, fixture_free, NULL};
}

static inline tool_bytes fixture_text(const char *text) { return fixture_bytes(text, strlen(text)); }

/* Settles a call at once with JSON text. */
static inline tool_status fixture_answer(tool_result *result, const char *json) {
  result->content = fixture_text(json);
  return TOOL_OK;
}

/* The position behind "key": in the arguments, or NULL. Enough for the flat objects that the tests send. */
static inline const char *fixture_find(const tool_call *call, const char *key) {
  const char *data = call->arguments.data;
  uint64_t size = call->arguments.size, length = strlen(key);
  for (uint64_t i = 0; i + length + 3 <= size; i++) {
    if (data[i] == '"' && memcmp(data + i + 1, key, length) == 0 && data[i + length + 1] == '"') {
      i += length + 2;
      while (i < size && (data[i] == ':' || data[i] == ' ')) i++;
      return i < size ? data + i : NULL;
    }
  }
  return NULL;
}

static inline long fixture_integer(const tool_call *call, const char *key, long otherwise) {
  const char *at = fixture_find(call, key), *end = call->arguments.data + call->arguments.size;
  if (at == NULL) return otherwise;
  long sign = *at == '-' ? -1 : 1, value = 0;
  for (at += *at == '-'; at < end && *at >= '0' && *at <= '9'; at++) value = value * 10 + (*at - '0');
  return sign * value;
}

static inline void fixture_wait(long milliseconds) {
  struct timespec span = {milliseconds / 1000, (milliseconds % 1000) * 1000000L};
  while (nanosleep(&span, &span) != 0) {
  }
}

static inline void fixture_hang(void) {
  for (;;) pause();
}

#endif
