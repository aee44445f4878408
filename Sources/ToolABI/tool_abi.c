/* Freezes the layout of the ABI: a change that moves a member fails to compile. */
#include "tool_abi.h"
#include "tool_http.h"

#define AT(type, member, offset) \
  _Static_assert(offsetof(type, member) == (offset), #type "." #member " moved")
#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " changed its size")

SIZE(void *, 8);
SIZE(tool_status, 4);

SIZE(tool_str, 16);
AT(tool_str, data, 0);
AT(tool_str, size, 8);

SIZE(tool_attr, 32);
AT(tool_attr, key, 0);
AT(tool_attr, value, 16);

SIZE(tool_bytes, 32);
AT(tool_bytes, data, 0);
AT(tool_bytes, size, 8);
AT(tool_bytes, release, 16);
AT(tool_bytes, owner, 24);

SIZE(tool_descriptor, 160);
AT(tool_descriptor, struct_size, 0);
AT(tool_descriptor, flags, 4);
AT(tool_descriptor, name, 8);
AT(tool_descriptor, title, 24);
AT(tool_descriptor, summary, 40);
AT(tool_descriptor, description, 56);
AT(tool_descriptor, input_schema, 72);
AT(tool_descriptor, output_schema, 88);
AT(tool_descriptor, meta, 104);
AT(tool_descriptor, scopes, 120);
AT(tool_descriptor, scope_count, 128);
AT(tool_descriptor, timeout_ms, 132);
AT(tool_descriptor, max_concurrency, 136);
AT(tool_descriptor, reserved, 140);
AT(tool_descriptor, max_result_bytes, 144);
AT(tool_descriptor, context, 152);

SIZE(tool_call, 208);
AT(tool_call, struct_size, 0);
AT(tool_call, flags, 4);
AT(tool_call, id, 8);
AT(tool_call, arguments, 16);
AT(tool_call, deadline_ns, 32);
AT(tool_call, request_id, 40);
AT(tool_call, principal, 56);
AT(tool_call, subject, 72);
AT(tool_call, subject_issuer, 88);
AT(tool_call, client_id, 104);
AT(tool_call, client_issuer, 120);
AT(tool_call, conversation_id, 136);
AT(tool_call, idempotency_key, 152);
AT(tool_call, traceparent, 168);
AT(tool_call, scopes, 184);
AT(tool_call, scope_count, 192);
AT(tool_call, attr_count, 196);
AT(tool_call, attrs, 200);

SIZE(tool_result, 80);
AT(tool_result, struct_size, 0);
AT(tool_result, flags, 4);
AT(tool_result, status, 8);
AT(tool_result, retry_after_ms, 12);
AT(tool_result, content, 16);
AT(tool_result, message, 48);

SIZE(tool_host, 88);
AT(tool_host, struct_size, 0);
AT(tool_host, abi_major, 4);
AT(tool_host, abi_minor, 6);
AT(tool_host, host, 8);
AT(tool_host, name, 16);
AT(tool_host, version, 32);
AT(tool_host, complete, 48);
AT(tool_host, progress, 56);
AT(tool_host, cancelled, 64);
AT(tool_host, log, 72);
AT(tool_host, service, 80);

SIZE(tool_pack, 120);
AT(tool_pack, struct_size, 0);
AT(tool_pack, abi_major, 4);
AT(tool_pack, abi_minor, 6);
AT(tool_pack, minor_required, 8);
AT(tool_pack, reserved, 10);
AT(tool_pack, tool_count, 12);
AT(tool_pack, id, 16);
AT(tool_pack, version, 32);
AT(tool_pack, description, 48);
AT(tool_pack, config_schema, 64);
AT(tool_pack, tools, 80);
AT(tool_pack, start, 88);
AT(tool_pack, invoke, 96);
AT(tool_pack, cancel, 104);
AT(tool_pack, stop, 112);

SIZE(tool_http_id, 8);
SIZE(tool_http_done, 8);

SIZE(tool_http_request, 88);
AT(tool_http_request, struct_size, 0);
AT(tool_http_request, timeout_ms, 4);
AT(tool_http_request, call, 8);
AT(tool_http_request, method, 16);
AT(tool_http_request, url, 32);
AT(tool_http_request, headers, 48);
AT(tool_http_request, header_count, 56);
AT(tool_http_request, flags, 60);
AT(tool_http_request, body, 64);
AT(tool_http_request, body_size, 72);
AT(tool_http_request, max_response_bytes, 80);

SIZE(tool_http_response, 72);
AT(tool_http_response, struct_size, 0);
AT(tool_http_response, http_status, 4);
AT(tool_http_response, id, 8);
AT(tool_http_response, status, 16);
AT(tool_http_response, retry_after_ms, 20);
AT(tool_http_response, message, 24);
AT(tool_http_response, headers, 40);
AT(tool_http_response, header_count, 48);
AT(tool_http_response, flags, 52);
AT(tool_http_response, body, 56);
AT(tool_http_response, body_size, 64);

SIZE(tool_http, 48);
AT(tool_http, struct_size, 0);
AT(tool_http, reserved, 4);
AT(tool_http, service, 8);
AT(tool_http, send, 16);
AT(tool_http, cancel, 24);
AT(tool_http, release, 32);
AT(tool_http, watch, 40);
