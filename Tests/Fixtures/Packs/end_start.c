/* Ends the process when it is started, in the way that config.how names, or waits to be ended. */
#include "fixture.h"

#include <signal.h>

extern void quick_exit(int status);

static void *fault(void *nothing) {
  (void)nothing;
  *(volatile int *)8 = 1;
  return NULL;
}

static tool_status start(const tool_host *host, const tool_str *config, int64_t deadline_ns, void **pack,
                         tool_result *error) {
  (void)host, (void)deadline_ns, (void)pack, (void)error;
  char how[32] = "";
  const char *at = strstr(config->data, "\"how\":\"");
  if (at != NULL) (void)sscanf(at + 7, "%31[^\"]", how);
  if (strcmp(how, "fault") == 0) fault(NULL);
  if (strcmp(how, "thread fault") == 0) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, fault, NULL) == 0) pthread_join(thread, NULL);
  }
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "exit") == 0) exit(0);
  if (strcmp(how, "exit at once") == 0) _exit(0);
  if (strcmp(how, "exit quickly") == 0) quick_exit(0);
  if (strcmp(how, "raise") == 0) raise(SIGTERM);
  if (strcmp(how, "killed") == 0) raise(SIGKILL);
  if (strcmp(how, "wait") == 0) fixture_hang();
  return TOOL_OK;
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  (void)pack, (void)tool, (void)call;
  return fixture_answer(result, "{}");
}

static const tool_descriptor tool = {DESCRIBE("end_start", HARMLESS)};
static const tool_descriptor *const tools[] = {&tool};
static const tool_pack pack = {
    PACK("end-start", tools),
    .config_schema = STR("{\"type\":\"object\",\"properties\":{\"how\":{\"type\":\"string\",\"x-env\":\"FIXTURE_HOW\"}}}"),
    .start = start, .invoke = invoke,
};
EXPORT(pack)
