/* A pack in C: counts the words of a text. */
#include "tool_abi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT(literal) {literal, sizeof(literal) - 1}

/* One character of a JSON string, starting at *at; the host has checked that it is well formed. */
static unsigned next_character(const char **at) {
  const unsigned char *s = (const unsigned char *)*at;
  unsigned value = *s;
  if (value == '\\' && s[1] == 'u') {
    char digits[5] = {0};
    memcpy(digits, s + 2, 4);
    value = (unsigned)strtoul(digits, NULL, 16);
    *at += 6;
    if (value >= 0xD800 && value < 0xDC00) *at += 6; /* the other half of a pair */
    return value;
  }
  if (value == '\\') {
    *at += 2;
    return s[1] == 'n' || s[1] == 't' || s[1] == 'r' || s[1] == 'f' ? ' ' : s[1];
  }
  *at += value < 0x80 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
  return value;
}

static void release(void *owner, const uint8_t *data, uint64_t size) {
  (void)data;
  (void)size;
  free(owner);
}

/* The input is an object with one member, a string: the second string of the text is it. */
static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  const char *at = call->arguments.data;
  unsigned long words = 0, characters = 0;
  int in_word = 0, size;
  char *json;
  (void)pack;
  (void)tool;
  while (*at++ != '"') continue;
  while (*at != '"') next_character(&at);
  for (at++; *at != '"'; at++) continue;
  for (at++; *at != '"'; characters++) {
    unsigned character = next_character(&at);
    int is_space = character == ' ' || (character >= '\t' && character <= '\r');
    if (!is_space && !in_word) words++;
    in_word = !is_space;
  }
  json = malloc(80);
  if (!json) return TOOL_E_UNAVAILABLE;
  size = sprintf(json, "{\"words\":%lu,\"characters\":%lu}", words, characters);
  result->content.data = (const uint8_t *)json;
  result->content.size = (uint64_t)size;
  result->content.release = release;
  result->content.owner = json;
  return TOOL_OK;
}

static const tool_descriptor count_words = {
    .struct_size = sizeof(tool_descriptor),
    .flags = TOOL_READ_ONLY | TOOL_ADDITIVE | TOOL_IDEMPOTENT | TOOL_CLOSED | TOOL_INLINE,
    .name = TEXT("count_words"),
    .title = TEXT("Count words"),
    .summary = TEXT("Counts the words and characters of a text."),
    .input_schema = TEXT("{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\",\"maxLength\":10000,"
                         "\"description\":\"The text\"}},\"required\":[\"text\"],\"additionalProperties\":false}"),
    .output_schema = TEXT("{\"type\":\"object\",\"properties\":{"
                          "\"words\":{\"type\":\"integer\",\"description\":\"Words, separated by white space\"},"
                          "\"characters\":{\"type\":\"integer\",\"description\":\"Unicode characters\"}},"
                          "\"required\":[\"words\",\"characters\"]}"),
};

static const tool_descriptor *const tools[] = {&count_words};

static const tool_pack pack = {
    .struct_size = sizeof(tool_pack),
    .abi_major = TOOL_ABI_MAJOR,
    .abi_minor = TOOL_ABI_MINOR,
    .tool_count = 1,
    .id = TEXT("words"),
    .version = TEXT("1.0.0"),
    .description = TEXT("Counts words."),
    .tools = tools,
    .invoke = invoke,
};

const tool_pack *tool_pack_entry_v1(void) { return &pack; }
