/* A pack in C that opens a file: the operator says which one, and the host opens it to the pack's process. */
#include "tool_abi.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof(literal) - 1}

static char path[4096];
static char problem[sizeof(path) + 256];

static tool_status fail(tool_result *result, tool_status status) {
  result->message = (tool_bytes){.data = (const uint8_t *)problem, .size = strlen(problem)}; /* storage that stays */
  return status;
}

/* config is {"file":"/srv/list.txt"}: the path is absolute, whatever the operator wrote. */
static tool_status start(const tool_host *host, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  const char *at = strchr(strchr(config->data, ':'), '"') + 1;
  size_t size = strcspn(at, "\"\\");
  FILE *file;
  (void)host;
  (void)deadline_ns;
  (void)pack;
  if (at[size] == '\\' || size >= sizeof(path)) {
    strcpy(problem, "file: a path with quotes, backslashes or control characters is more than this example reads");
    return fail(error, TOOL_E_INVALID);
  }
  memcpy(path, at, size);
  file = fopen(path, "r");
  if (!file) {
    /* Where the sandbox may be why (EACCES), the host adds to the log what opens the file. */
    sprintf(problem, "cannot open %s: %s", path, strerror(errno));
    return fail(error, TOOL_E_UNAVAILABLE);
  }
  fclose(file);
  return TOOL_OK;
}

static void release(void *owner, const uint8_t *data, uint64_t size) {
  (void)data;
  (void)size;
  free(owner);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  unsigned long lines = 0;
  int byte, size;
  char *json;
  FILE *file = fopen(path, "r");
  (void)pack;
  (void)tool;
  (void)call;
  if (!file) return TOOL_E_UNAVAILABLE;
  while ((byte = getc(file)) != EOF) lines += byte == '\n';
  fclose(file);
  json = malloc(40);
  if (!json) return TOOL_E_UNAVAILABLE;
  size = sprintf(json, "{\"lines\":%lu}", lines);
  result->content.data = (const uint8_t *)json;
  result->content.size = (uint64_t)size;
  result->content.release = release;
  result->content.owner = json;
  return TOOL_OK;
}

static const tool_descriptor count_lines = {
    .struct_size = sizeof(tool_descriptor),
    .flags = TOOL_READ_ONLY | TOOL_ADDITIVE | TOOL_IDEMPOTENT | TOOL_CLOSED,
    .name = TEXT("count_lines"),
    .title = TEXT("Count lines"),
    .summary = TEXT("Counts the lines of the list that this deployment has."),
    .input_schema = TEXT("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}"),
    .output_schema = TEXT("{\"type\":\"object\",\"properties\":{\"lines\":{\"type\":\"integer\","
                          "\"description\":\"Line ends in the file\"}},\"required\":[\"lines\"]}"),
};

static const tool_descriptor *const tools[] = {&count_lines};

static const tool_pack pack = {
    .struct_size = sizeof(tool_pack),
    .abi_major = TOOL_ABI_MAJOR,
    .abi_minor = TOOL_ABI_MINOR,
    .tool_count = 1,
    .id = TEXT("lines"),
    .version = TEXT("1.0.0"),
    .description = TEXT("Counts the lines of a file."),
    .config_schema = TEXT("{\"type\":\"object\",\"properties\":{\"file\":{\"type\":\"string\",\"x-path\":\"read\","
                          "\"description\":\"The list\"}},\"required\":[\"file\"],\"additionalProperties\":false}"),
    .tools = tools,
    .start = start,
    .invoke = invoke,
};

const tool_pack *tool_pack_entry_v1(void) { return &pack; }
