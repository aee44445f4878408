/* Breaks nothing: appends a line to the configured file when it is started and when it is stopped. `stop_patient` notes
 * that it waits, waits until it is told not to go on, and notes that. */
#include "fixture.h"

static char path[4096];
static const tool_host *host;

static void note(const char *line) {
  FILE *file = fopen(path, "a");
  if (file != NULL) {
    fputs(line, file);
    fclose(file);
  }
}

static tool_status start(const tool_host *given, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)deadline_ns, (void)pack;
  host = given;
  const char *at = strstr(config->data, "\"path\":\"");
  if (at == NULL || sscanf(at + 8, "%4095[^\"]", path) != 1) {
    error->message = fixture_text("config.path is missing");
    return TOOL_E_INVALID;
  }
  note("started\n");
  return TOOL_OK;
}

static const tool_descriptor marker = {DESCRIBE("stop_marker", HARMLESS)};
static const tool_descriptor patient = {DESCRIBE("stop_patient", HARMLESS), .timeout_ms = 40000};

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack;
  if (tool == &marker) return fixture_answer(result, "{}");
  note("waiting\n");
  while (host->cancelled(host->host, call->id) == TOOL_OK) fixture_wait(1);
  note("told\n");
  return TOOL_E_CANCELLED;
}

static void stop(void *pack, int64_t deadline_ns) {
  (void)pack, (void)deadline_ns;
  note("stopped\n");
}

static const tool_descriptor *const tools[] = {&marker, &patient};
static const tool_pack pack = {
    PACK("stop", tools),
    .config_schema = STR("{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"}},\"required\":[\"path\"]}"),
    .start = start, .invoke = invoke, .stop = stop,
};
EXPORT(pack)
