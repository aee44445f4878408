/* Does what no pack should be able to do, one deed a call, and tells what came of it: really, and so that whoever is
   allowed to leaves the system as it was. Some are done while it is loaded, where a test has written them into its
   file. */
#define _GNU_SOURCE
#include "breakout/files.h"
#include "breakout/processes.h"
#include "breakout/sockets.h"
#include "breakout/system.h"

static const struct {
  const char *name;
  deed body;
} deeds[] = {
    {"read", read_file},
    {"read in child", read_in_child},
    {"list", list_folder},
    {"append", append_file},
    {"create", create_file},
    {"create folder", create_folder},
    {"create link", create_link},
    {"create pipe", create_pipe},
    {"open to read", open_to_read},
    {"open to write", open_to_write},
    {"open and truncate", open_and_truncate},
    {"truncate", truncate_file},
    {"remove", remove_file},
    {"rename", rename_file},
    {"exchange", exchange_files},
    {"link", link_file},
    {"read by link", read_by_link},
    {"read from inside", read_from_inside},
    {"read by place", read_by_place},
    {"read by handle", read_by_handle},
    {"change mode", change_mode},
    {"change mode newly", change_mode_newly},
    {"change owner", change_owner},
    {"change times", change_times},
    {"change attribute", change_attribute},
    {"change mode by reader", change_mode_by_reader},
    {"change owner by reader", change_owner_by_reader},
    {"change times by reader", change_times_by_reader},
    {"change attribute by reader", change_attribute_by_reader},
    {"change flags by reader", change_flags_by_reader},
    {"lock", lock_file},
    {"take lease", take_lease},
    {"ask Btrfs", ask_btrfs},
    {"make program", make_program},
    {"make program of group", make_program_of_group},
    {"make node", make_node},
    {"look", look_at_file},
    {"watch", watch_folder},
    {"make device", make_device},
    {"keep files", keep_files},
    {"signal", signal_process},
    {"signal in child", signal_in_child},
    {"signal group", signal_group},
    {"signal all", signal_all},
    {"signal itself", signal_itself},
    {"signal thread", signal_thread},
    {"signal any thread", signal_any_thread},
    {"signal with word", signal_with_word},
    {"signal thread with word", signal_thread_with_word},
    {"signal by descriptor", signal_by_descriptor},
    {"signal as owner", signal_as_owner},
    {"take descriptor", take_descriptor},
    {"trace", trace},
    {"be traced", be_traced},
    {"change limit", change_limit},
    {"raise limit", raise_limit},
    {"run in real time", run_in_real_time},
    {"change priority", change_priority},
    {"change processors", change_processors},
    {"change scheduler", change_scheduler},
    {"change io priority", change_io_priority},
    {"read memory", read_memory},
    {"write memory", write_memory},
    {"compare process", compare_process},
    {"fork", make_child},
    {"insist", insist_on_children},
    {"vfork", make_quick_child},
    {"clone into namespace", clone_into_namespace},
    {"clone newly", clone_newly},
    {"fork by other way", fork_by_other_way},
    {"leave namespace", leave_namespace},
    {"unshare", unshare_user},
    {"run", run_program},
    {"run from memory", run_from_memory},
    {"threads", make_threads},
    {"connect to path", connect_to_path},
    {"connect to abstract", connect_to_abstract},
    {"connect to port", connect_to_port},
    {"send to path", send_to_path},
    {"send to path by pair", send_to_path_by_pair},
    {"listen", listen_at_port},
    {"send datagram", send_datagram},
    {"socket pair", make_pair},
    {"socket", make_socket},
    {"command host", command_host},
    {"find variable", find_variable},
    {"list variables", list_variables},
    {"find descriptors", find_descriptors},
    {"capabilities", has_capabilities},
    {"gain privileges", may_gain_privileges},
    {"become other", become_other},
    {"ring", set_up_ring},
    {"set up queue", set_up_queue},
    {"own descriptors", own_descriptors},
    {"mount", mount_memory},
    {"change root", change_root},
    {"enter namespace", enter_namespace},
    {"set clock", set_clock},
    {"set name", set_name},
    {"kernel log", read_kernel_log},
    {"add key", add_key_of_process},
    {"find keyring", find_keyring},
    {"load map", load_map},
    {"count events", count_events},
    {"handle faults", handle_faults},
    {"share memory", share_memory},
    {"attach memory", attach_memory},
    {"semaphore", make_semaphore},
    {"queue", make_queue},
    {"named queue", make_named_queue},
    {"memory file", make_memory_file},
    {"hide memory", hide_memory},
    {"outlive host", outlive_host},
    {"personality", change_personality},
    {"type into terminal", type_into_terminal},
    {"control input", control_input},
};

static void copy_text(const tool_call *call, const char *key, char *out, size_t room) {
  const char *at = fixture_find(call, key), *end = call->arguments.data + call->arguments.size;
  size_t size = 0;
  out[0] = 0;
  if (at == NULL || at == end || *at != '"') return;
  for (at++; at < end && *at != '"' && size + 1 < room; at++) out[size++] = *at;
  out[size] = 0;
}

/* What came of the deed that the arguments name, as JSON. */
static void try(const tool_call *call, char *out, size_t room) {
  char what[64];
  attempt it;
  memset(&it, 0, sizeof it);
  copy_text(call, "what", what, sizeof what);
  copy_text(call, "path", it.path, sizeof it.path);
  char rest[PATH_MAX - 32];
  if (sscanf(it.path, "/proc/host/%4000s", rest) == 1) snprintf(it.path, sizeof it.path, "/proc/%d/%s", getppid(), rest);
  copy_text(call, "other", it.other, sizeof it.other);
  copy_text(call, "text", it.text, sizeof it.text);
  it.pid = fixture_integer(call, "pid", getppid());
  it.number = fixture_integer(call, "number", 0);
  for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
    if (strcmp(deeds[i].name, what) != 0) continue;
    errno = 0;
    const bool got = deeds[i].body(&it);
    const char *reason = got ? "" : it.reason != NULL ? it.reason : strerrorname_np(errno);
    snprintf(out, room, "{\"what\":\"%s\",\"got\":%s,\"reason\":\"%s\",\"detail\":\"%s\"}", what, got ? "true" : "false",
             reason == NULL ? "?" : reason, it.detail);
    return;
  }
  snprintf(out, room, "{\"what\":\"%s\",\"got\":false,\"reason\":\"unknown\",\"detail\":\"\"}", what);
}

/* Arguments of deeds, a line each, in place of what follows the colon. */
__attribute__((used)) static const volatile char instructions[8192] = "BREAKOUT-INSTRUCTIONS:";
static char constructed[1 << 15] = "{\"deeds\":[";

__attribute__((constructor)) static void construct(void) {
  char line[2048];
  size_t size = 0, length = strlen(constructed);
  for (size_t at = strlen("BREAKOUT-INSTRUCTIONS:"); at < sizeof instructions; at++) {
    const char byte = instructions[at];
    if (byte != 0 && byte != '\n' && size + 1 < sizeof line) {
      line[size++] = byte;
      continue;
    }
    if (size > 0) {
      /* To whoever reads the last words of a process that ends before it is described. */
      if (strstr(line, "\"tell and end\"") != NULL) {
        dprintf(STDERR_FILENO, "%s]}\n", constructed);
        _exit(9);
      }
      const tool_call call = {.arguments = {line, size}};
      if (constructed[length - 1] != '[') constructed[length++] = ',';
      try(&call, constructed + length, sizeof constructed - length - 4);
      length = strlen(constructed);
      size = 0;
    }
    if (byte == 0) break;
  }
  memcpy(constructed + length, "]}", 3);
}

static tool_status invoke(void *pack, const tool_descriptor *tool, const tool_call *call, tool_result *result) {
  char out[4096];
  (void)pack;
  if (tool->name.data[0] == 'c') return fixture_answer(result, constructed);
  try(call, out, sizeof out);
  return fixture_answer(result, out);
}

static const tool_descriptor attempt_tool = {DESCRIBE("attempt", HARMLESS), .timeout_ms = 20000};
static const tool_descriptor constructed_tool = {DESCRIBE("constructed", HARMLESS)};
static const tool_descriptor *const tools[] = {&attempt_tool, &constructed_tool};
static const tool_pack pack = {
    PACK("breakout", tools),
    .config_schema = STR("{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{"
                         "\"shelf\":{\"type\":\"string\",\"x-path\":\"read\"},"
                         "\"bench\":{\"type\":\"string\",\"x-path\":\"read-write\"}}}"),
    .invoke = invoke,
};
EXPORT(pack)
