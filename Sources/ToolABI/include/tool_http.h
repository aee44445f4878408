/* tool_http.h - the service "http/1": HTTP requests that leave the host on behalf of a pack.
 *
 * A pack brings no network stack: it hands a request to the host and is called back with the answer.
 * The rules of tool_abi.h hold here too; its thread tags and its words are used without further ado.
 * Everything that crosses is bytes, numbers and tokens, and nothing is waited for.
 *
 *    service->send(service->service, &request, done, owner, &id)      returns at once
 *            ... later, once:  done(owner, response)                  the pack owns the response
 *            ... whenever:     service->release(service->service, response)
 *
 * WHAT THE HOST DOES WITH A REQUEST
 *
 *  - It goes to origins (scheme, host and port; RFC 6454) that the operator lists for this pack, and
 *    to no other; never to a private, link-local or loopback address that the operator has not named.
 *  - Redirects are followed within the origin, a few of them. One that leads elsewhere is refused.
 *  - It belongs to a call. It ends when the call's deadline passes, when nobody waits for the call any
 *    more, and when the call is settled. The host adds the call's traceparent and X-Request-Id.
 *  - Credentials are the host's: a pack never sees them. What a caller sent as credentials is not
 *    passed on. Authorization, X-MCP-API-Key, X-User-Token and Cookie set by a pack are dropped on the
 *    way to the origin for which the operator gives credentials to the host; Host, Content-Length,
 *    X-Request-Id, traceparent and the fields that concern one connection only (RFC 9110 section
 *    7.6.1) are dropped always.
 *  - A request of which bytes were sent is repeated after a failure only for a tool that says
 *    TOOL_READ_ONLY or TOOL_IDEMPOTENT (outside a call: for GET and HEAD), or where the call has an
 *    idempotency key and the operator says that the backend honours Idempotency-Key. One that never
 *    left is repeated for any tool. Either within the deadline, with growing pauses, and not before a
 *    Retry-After.
 *  - For any tool it is sent once more where the backend says that it has done nothing: with another
 *    token after a 401 to a token of the host's, and to the new place after a 307 or 308, or where to
 *    look for the answer after a 303. A 301 or 302 of a method other than GET and HEAD is followed
 *    only where the request may be repeated, and is an answer otherwise.
 *  - An origin that fails again and again is left alone for a while: what is sent then ends at once
 *    with TOOL_E_UNAVAILABLE. */
#ifndef TOOL_HTTP_H
#define TOOL_HTTP_H

#include "tool_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What tool_host.service() is asked for. */
#define TOOL_HTTP_SERVICE "http/1"

/* Of tool_http_response.flags: there is no answer, and not a byte of the request has left the host, so
 * that nothing can have happened. Without it that is not known.                                      */
#define TOOL_HTTP_UNSENT (1u << 0)

typedef uint64_t tool_http_id; /* 0 is never a request; none is used twice */

/* Made by the pack. The host copies what it needs before send() returns. */
typedef struct tool_http_request {
  uint32_t struct_size;
  uint32_t timeout_ms;       /* for everything, repetitions included; 0: what the call has left       */
  tool_call_id call;         /* on whose behalf; 0: outside any call, then for 30 seconds at most     */
  tool_str method;           /* "GET", "POST", ...: a token of RFC 9110 section 9.1, but not CONNECT  */
  tool_str url;              /* absolute, http or https, without user information and fragment        */
  const tool_attr *headers;  /* header_count fields; names are tokens, values have no control bytes   */
  uint32_t header_count;
  uint32_t flags;            /* 0                                                                     */
  const uint8_t *body;       /* body_size bytes; may be NULL when there are none                      */
  uint64_t body_size;
  uint64_t max_response_bytes; /* of the body; 0, or more than the operator allows: what they allow,
                                and for a pack in a process of its own at most 64 MiB                 */
} tool_http_request;

/* Made by the host. The pack's until it hands it to release(), with all it points to, however long
 * that takes. Read-only.                                                                             */
typedef struct tool_http_response {
  uint32_t struct_size;
  uint32_t http_status;      /* 200, 404, ...: with TOOL_OK, else 0                                   */
  tool_http_id id;
  tool_status status;        /* TOOL_OK: the backend answered, whatever its http_status says. Else:
                                TOOL_E_UNAVAILABLE  it cannot be reached, broke off, redirects to where
                                                    requests do not go, or is left alone
                                TOOL_E_DEADLINE     there was no whole answer in time
                                TOOL_E_CANCELLED    cancel() was called, or nobody waits for the call
                                TOOL_E_TOO_LARGE    the body has more bytes than are allowed
                                TOOL_E_INVALID      the request is not one: its method, URL or fields
                                TOOL_E_DENIED       the origin or its address is not allowed
                                TOOL_E_BUSY         too many requests of this pack are open, or they
                                                    and their answers hold too many bytes, or the host
                                                    lacks what a connection takes                     */
  uint32_t retry_after_ms;   /* with TOOL_E_UNAVAILABLE and TOOL_E_BUSY: when to try again. With
                                TOOL_OK: what the answer's Retry-After says, be it seconds or a date
                                (RFC 9110 section 10.2.3). 0: nobody says                             */
  tool_str message;          /* why there is no answer. With UNAVAILABLE, DEADLINE, TOO_LARGE and BUSY
                                fit for a caller; else for the log. Empty with TOOL_OK                */
  const tool_attr *headers;  /* header_count fields as they came, in their order, without Set-Cookie
                                and the fields that concern one connection only: Connection and those
                                that it names, Keep-Alive, Proxy-Authenticate, Proxy-Connection, TE,
                                Trailer, Transfer-Encoding, Upgrade                                   */
  uint32_t header_count;
  uint32_t flags;            /* TOOL_HTTP_UNSENT; bits that are not known mean nothing                */
  const uint8_t *body;       /* body_size bytes, without transfer coding                              */
  uint64_t body_size;
} tool_http_response;

/* Called once for each request that send() took, on a thread of the host's: not from inside send(), but
 * perhaps before that has returned, and perhaps at the same time for several requests. It may call
 * every function of the host, complete() included, and must not block: on this thread others wait for
 * the ends of their requests. Where the pack runs inside the host it is a [loop]. Once stop() was called
 * it is not called any more: the host ends what is open before. Where start() fails, the host ends
 * what is open then, and done is called for it with TOOL_E_CANCELLED; where start() is late, too, unless
 * the pack has a process of its own, which ends with what it began.                                  */
typedef void (*tool_http_done)(void *owner, const tool_http_response *response);

/* What tool_host.service() returns for TOOL_HTTP_SERVICE: valid until the process ends.              */
typedef struct tool_http {
  uint32_t struct_size;
  uint32_t reserved;         /* 0                                                                     */
  void *service;             /* first argument of every function below                                */

  /* [any] Begins a request. owner is the pack's own, handed to done. *id, which may be NULL, is set
   * before done is called.
   * Returns TOOL_OK: done will be called. Otherwise it will not, and nothing was begun:
   * TOOL_E_INVALID: request or done is NULL, or the request is smaller than in http/1.
   * TOOL_E_GONE: the call is not open. TOOL_E_UNAVAILABLE: the pack is being stopped, or did not
   * start.                                                                                           */
  tool_status (*send)(void *service, const tool_http_request *request, tool_http_done done,
                      void *owner, tool_http_id *id);

  /* [any] Ends a request soon: its connection is closed, done is called with TOOL_E_CANCELLED unless
   * it was on its way already. A number that is not open any more is no harm.                        */
  void (*cancel)(void *service, tool_http_id id);

  /* [any] Takes a response back; exactly once for each. Does not block.                              */
  void (*release)(void *service, const tool_http_response *response);

  /* [any] From now on looks at this URL with GET, at intervals that the operator sets. While it is
   * not answered with a status from 200 to 299, requests to its origin end at once with
   * TOOL_E_UNAVAILABLE, and the host's /health says that this pack waits for its backend. The same
   * URL again changes nothing. A pack may watch 16 URLs.
   * Returns TOOL_OK, TOOL_E_INVALID (no URL, or one too many), TOOL_E_DENIED (an origin that the
   * operator does not list) or TOOL_E_UNAVAILABLE (the pack is being stopped, or did not start).     */
  tool_status (*watch)(void *service, const tool_str *url);
} tool_http;

#ifdef __cplusplus
}
#endif
#endif
