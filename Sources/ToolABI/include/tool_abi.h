/* tool_abi.h - the binary contract between a tool host and a tool pack, version 1.0.
 *
 * This header is the specification. A tool pack is an ELF shared object for an LP64 system that
 * exports one function, tool_pack_entry_v1(), which describes its tools; the host calls them. Pack
 * and host may be written in different languages and built by different compilers, and neither has
 * to be rebuilt when the other one is. A program that includes this file needs nothing else.
 *
 * THE RULES
 *
 *  1. Names.    The entry function is the only symbol looked up by name. What the host offers
 *               reaches the pack as a table of functions, so an old host never leaves an unresolved
 *               symbol that fails when it is first called.
 *  2. Growth.   Structs only ever gain members at their end. A struct that may grow begins with
 *               struct_size, set by whoever allocated it to the size it knows. Before reading a
 *               member that is younger than 1.0, test TOOL_HAS(). Never copy the other side's struct
 *               with your own sizeof. An absent member means zero. tool_str, tool_attr and
 *               tool_bytes will never grow.
 *  3. Types.    Structs are passed by pointer; integers have fixed widths. No enum, bool, bit-field
 *               or variable argument list crosses.
 *  4. Control.  No exception, panic or longjmp crosses. A pack does not call exit, fork, setenv,
 *               chdir or setlocale, and leaves signal handlers and the signal mask as they are.
 *  5. Memory.   Whoever made a buffer frees it. A buffer handed over as tool_bytes is given back by
 *               calling its release function exactly once, on any thread, perhaps before the
 *               function that took it has returned and perhaps after stop(); until then nobody
 *               writes to it. A release function does not block and does not call the host; hold no
 *               lock it needs while you call the host. release == NULL marks storage that lives as
 *               long as the process.
 *  6. Calls.    A call is known by a 64-bit number that is never used twice. Using one that is
 *               settled is harmless and answered with TOOL_E_GONE.
 *  7. Threads.  Every function states where it runs:
 *                 [once]    one thread, at a time when nothing else of this pack runs
 *                 [worker]  a host thread that may block, beside others doing the same
 *                 [loop]    the thread that reads the network: never block it. There is none in a
 *                           process of the pack's own
 *                 [any]     any thread of the process, the pack's own ones included
 *               A host thread that calls a pack has at least 1 MiB of stack.
 *  8. Text.     Strings are UTF-8 with a length and without a terminator. data may be NULL only
 *               when size is 0. Identifiers and keys are printable ASCII.
 *
 * A CALL, FROM END TO END
 *
 *    host: invoke(pack, tool, call, &result) ----> pack does the work
 *            <---- returns TOOL_OK or an error, with *result filled in           (settled), or
 *            <---- returns TOOL_PENDING, *result untouched
 *                    ... later, from any thread: host->complete(host, call id, &result)  (settled)
 *
 *    The tool_call and all it points to stay valid until the call is settled, however long ago the
 *    client went away or the deadline passed. cancel() is a hint; the call must still be settled.
 *
 *    A pack in a process of its own loses that process to a call that still holds its thread, inside
 *    invoke(), two seconds after its deadline; three of these within ten minutes, and the tool is kept
 *    out for a while. So ask cancelled(). A pending call keeps nothing but its place. Inside the host
 *    nobody can stop either. */
#ifndef TOOL_ABI_H
#define TOOL_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A new major version brings a new entry symbol (tool_pack_entry_v2); a pack may export both. */
#define TOOL_ABI_MAJOR 1u
#define TOOL_ABI_MINOR 0u

/* True when the struct at p, allocated by the other side, is new enough to have member f. */
#define TOOL_HAS(p, type, f) ((p)->struct_size >= offsetof(type, f) + sizeof(((type *)0)->f))

/* ---- How something ended ---------------------------------------------------------------------
 * The host answers an HTTP client with the status code named here.                              */
typedef int32_t tool_status;
#define TOOL_OK ((tool_status)0)             /* 200                                               */
#define TOOL_PENDING ((tool_status)1)        /* only from invoke(): complete() follows            */
#define TOOL_E_INVALID ((tool_status)-1)     /* 422: the arguments make no sense                  */
#define TOOL_E_DENIED ((tool_status)-2)      /* 403: this caller may not                          */
#define TOOL_E_NOT_FOUND ((tool_status)-3)   /* 404: what the arguments name does not exist       */
#define TOOL_E_CONFLICT ((tool_status)-4)    /* 409: not in this state of things                  */
#define TOOL_E_BUSY ((tool_status)-5)        /* 503: too much at once; try again                  */
#define TOOL_E_CANCELLED ((tool_status)-6)   /* 503: given up because cancel() said so            */
#define TOOL_E_DEADLINE ((tool_status)-7)    /* 504: ran out of time                              */
#define TOOL_E_UNSUPPORTED ((tool_status)-8) /* 501: not in this deployment                       */
#define TOOL_E_TOO_LARGE ((tool_status)-9)   /* 413: more than can be handled                     */
#define TOOL_E_UNAVAILABLE ((tool_status)-10) /* 503: something this tool needs is down           */
#define TOOL_E_GONE ((tool_status)-11)       /* 500: no such call, or settled already             */
#define TOOL_E_INTERNAL ((tool_status)-12)   /* 500: a fault of the pack; its message is logged,
                                                never sent. Any value not listed reads as this.   */

/* ---- Plain values: frozen --------------------------------------------------------------------*/
typedef uint64_t tool_call_id; /* 0 is never a call */

typedef struct tool_str {
  const char *data;
  uint64_t size; /* bytes */
} tool_str;

typedef struct tool_attr {
  tool_str key, value;
} tool_attr;

/* A buffer that changes hands: see rule 5. */
typedef struct tool_bytes {
  const uint8_t *data;
  uint64_t size;
  void (*release)(void *owner, const uint8_t *data, uint64_t size); /* [any] */
  void *owner; /* handed to release; the pack's own */
} tool_bytes;

/* ---- What a tool is --------------------------------------------------------------------------
 * Every document that a client reads is made from this and nothing else.
 *
 * Hints come in pairs, and a tool states exactly one of each pair: a hint left out must not read as
 * "harmless". A tool that states none or both is refused, and so is one with a bit in 16-31 that
 * the host does not know; unknown bits in 0-15 are ignored.                                     */
#define TOOL_READ_ONLY (1u << 0)   /* changes nothing that anybody can see                        */
#define TOOL_WRITES (1u << 1)
#define TOOL_DESTRUCTIVE (1u << 2) /* may remove or replace something                             */
#define TOOL_ADDITIVE (1u << 3)
#define TOOL_IDEMPOTENT (1u << 4)  /* the same call again changes nothing more                    */
#define TOOL_REPEATS (1u << 5)     /* the same call again has its effect again                    */
#define TOOL_OPEN_WORLD (1u << 6)  /* reaches beyond this deployment                              */
#define TOOL_CLOSED (1u << 7)
#define TOOL_INLINE (1u << 8)      /* never blocks, and invoke returns within about 100 microseconds,
                                      with the result or with TOOL_PENDING: may run on [loop]. The
                                      host decides which tools it treats so: not one that has a
                                      max_concurrency or that the operator excepts. Inside the host
                                      one that overruns again and again moves to [worker]; in a
                                      process of the pack's own one that takes over 10 milliseconds
                                      counts as blocking while the process lives.                 */

/* What a tool says of itself. A text may be empty, and then its default holds, unless it is said to
 * be required. Lengths in characters are Unicode code points. A tool beyond a bound is refused, with
 * the member and the bound in the host's log; the rest of the pack is served.
 *
 * Schemas are JSON Schema 2020-12. "$schema" may name draft-04, -06, -07 or 2019-09 where the schema
 * means the same in 2020-12; it is refused where a keyword does not. References stay inside the
 * schema. Arrays and objects are at most 64 deep inside each other, and the bounds of what patterns,
 * references and alternatives may cost are a table in docs/writing-a-pack.md.                     */
typedef struct tool_descriptor {
  uint32_t struct_size;
  uint32_t flags;           /* required: TOOL_READ_ONLY ... TOOL_INLINE                           */
  tool_str name;            /* required: [A-Za-z0-9_]{1,64}, unique in a deployment               */
  tool_str title;           /* for people: "Search products"; up to 1000 bytes; empty: the name   */
  /* Models read the summary, a blank line, and the description, which therefore need not say again
     what the tool does. A description that begins with the summary, or is equal to it, is read alone.
     OpenAPI importers take 300 characters: there the summary, and as many whole paragraphs of the
     description (what stands between blank lines) as fit. So what matters most stands first.         */
  tool_str summary;         /* required, 1 to 300 characters: what the tool does and when to use
                               it                                                                 */
  tool_str description;     /* what else a model has to know, up to 256 KiB; may be empty         */
  tool_str input_schema;    /* required: of the arguments, up to 1 MiB; an object whose root says
                               "type": "object". Each property's "description" has up to 700
                               characters.                                                        */
  tool_str output_schema;   /* required: of the content of a TOOL_OK result, up to 1 MiB; at least
                               {"type": "object"}, or {} for anything                             */
  tool_str meta;            /* empty or a JSON object of up to 1 MiB, open: "tags", "icons", ...  */
  const tool_str *scopes;   /* up to 1000 OAuth scopes of up to 256 bytes (RFC 6749 section 3.3),
                               all of which a caller needs; may be NULL where there is none       */
  uint32_t scope_count;
  uint32_t timeout_ms;      /* 0: the host's default; more than 45 seconds count as 45 seconds    */
  uint32_t max_concurrency; /* calls of this tool at the same time; 0: the host's default         */
  uint32_t reserved;        /* 0; not read                                                        */
  uint64_t max_result_bytes; /* 0: the host's default                                             */
  void *context;            /* the pack's own; the host never looks                               */
} tool_descriptor;

/* ---- One call ---------------------------------------------------------------------------------
 * Made by the host, read-only for the pack, valid until the call is settled.                     */
#define TOOL_CALL_WANTS_PROGRESS (1u << 0) /* somebody listens to progress()                      */

typedef struct tool_call {
  uint32_t struct_size;
  uint32_t flags;           /* TOOL_CALL_...                                                      */
  tool_call_id id;
  tool_str arguments;       /* the caller's bytes: one JSON object, strict (no duplicate members,
                               valid UTF-8), already valid against input_schema. Defaults stated
                               in the schema are not filled in.                                   */
  int64_t deadline_ns;      /* absolute, CLOCK_MONOTONIC, nanoseconds. Come back from invoke() by
                               then: two seconds later the process may be ended, see above        */
  tool_str request_id;      /* stands in the host's log too                                       */
  tool_str principal;       /* who owns what this call touches: opaque, stable, unique across
                               issuers. Keep a caller's own data by this and nothing else.        */
  tool_str subject;         /* the user; empty when an application acts for itself                */
  tool_str subject_issuer;
  tool_str client_id;       /* the application                                                    */
  tool_str client_issuer;
  tool_str conversation_id; /* empty where the client gave none                                   */
  tool_str idempotency_key; /* empty where the client gave none                                   */
  tool_str traceparent;     /* W3C Trace Context; may be empty                                    */
  const tool_str *scopes;   /* scope_count scopes granted to the caller                           */
  uint32_t scope_count;
  uint32_t attr_count;
  const tool_attr *attrs;   /* more about the call, by name; grows without a change of the ABI    */
} tool_call;

/* Made by the pack (the argument of complete) or filled in by it (the argument of invoke and of
 * start). Its buffers belong to the host from then on, whatever the status.                      */
typedef struct tool_result {
  uint32_t struct_size;
  uint32_t flags;           /* 0                                                                  */
  tool_status status;       /* read by complete(); invoke() and start() return theirs instead     */
  uint32_t retry_after_ms;  /* with TOOL_E_BUSY and TOOL_E_UNAVAILABLE; 0: the host's default     */
  tool_bytes content;       /* TOOL_OK: JSON that fits output_schema. Otherwise empty or a JSON
                               object that explains the error to the caller.                      */
  tool_bytes message;       /* not TOOL_OK: a sentence for the caller, which says the way out.
                               TOOL_E_INTERNAL: for the log only                                  */
} tool_result;

/* ---- What the host offers --------------------------------------------------------------------
 * Handed to start() and valid until the process ends.                                            */
#define TOOL_LOG_TRACE 0
#define TOOL_LOG_DEBUG 1
#define TOOL_LOG_INFO 2
#define TOOL_LOG_WARNING 3
#define TOOL_LOG_ERROR 4

typedef struct tool_host {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; /* the contract the host speaks                                  */
  void *host;                    /* first argument of every function below                        */
  tool_str name, version;

  /* [any] Settles a pending call, once. It may run before invoke() has returned TOOL_PENDING. The
   * host owns the buffers from here on, whatever is returned. In a process of the pack's own it may
   * wait for room in the memory that pack and host share: a moment, when the host does not take
   * results as fast as they come.
   * Returns TOOL_OK, or TOOL_E_GONE when there is no such call or it is settled already; content
   * that is too large or does not fit the schema is TOOL_OK here and an error for the caller.
   * TOOL_E_INVALID: result is NULL or smaller than in version 1.0; nothing was settled or taken. */
  tool_status (*complete)(void *host, tool_call_id id, const tool_result *result);

  /* [any] Tells a listener how far the work is: done of total (0: unknown), with an optional
   * message. Copies, never blocks, drops what nobody listens to. Returns TOOL_OK or TOOL_E_GONE. */
  tool_status (*progress)(void *host, tool_call_id id, double done, double total,
                          const tool_str *message);

  /* [any] Whether to go on with a call: TOOL_OK, or the reason not to: TOOL_E_CANCELLED,
   * TOOL_E_DEADLINE, TOOL_E_GONE. Cheap enough to ask often.                                     */
  tool_status (*cancelled)(void *host, tool_call_id id);

  /* [any] Writes a line to the host's log. id is 0 outside a call. The host adds pack, tool and
   * request id. Copies what it needs. Never log a secret.                                        */
  void (*log)(void *host, tool_call_id id, int32_t level, const tool_str *message,
              const tool_attr *attrs, uint32_t attr_count);

  /* [any] A further service, named "name/revision" such as "http/1", as a table described by a
   * header of its own. NULL where this host has none. The answer never changes.                  */
  const void *(*service)(void *host, const tool_str *id);
} tool_host;

/* ---- What the pack offers --------------------------------------------------------------------
 * Immutable, with all it points to, until the process ends.                                      */
typedef struct tool_pack {
  uint32_t struct_size;
  uint16_t abi_major, abi_minor; /* required: TOOL_ABI_MAJOR and TOOL_ABI_MINOR of the header it was
                                    built with                                                    */
  uint16_t minor_required;       /* the oldest host minor this pack can live with                 */
  uint16_t reserved;             /* 0; not read                                                   */
  uint32_t tool_count;           /* required: 1 to 1000                                           */
  tool_str id;                   /* required: [a-z][a-z0-9-]{0,63}, unique in a deployment        */
  tool_str version;              /* the pack's own, for people and logs; up to 200 bytes          */
  tool_str description;          /* up to 4000 bytes                                              */
  tool_str config_schema;        /* JSON Schema of the config given to start(), as above; up to
                                    1 MiB; may be empty. A property may say "x-env": "NAME": the
                                    host fills it in from its own configuration when the operator's
                                    file for this pack does not. One that says "x-path": "read" or
                                    "read-write" is a path, or an array of paths: the host makes it
                                    absolute and opens it to the pack, which may open few others.
                                    Its "default" is one name in the host's state folder.         */
  const tool_descriptor *const *tools; /* required: tool_count pointers, none of them NULL        */

  /* [once] Called at most once in a process, before any invoke(), on a thread of its own. config is
   * a JSON object that fits config_schema, valid during this call only. *pack is handed to every
   * later function. Return TOOL_OK before deadline_ns (as in tool_call), or an error with
   * error->message (owned by the host): then end all threads first, stop() will not be called. A
   * pack that is late is given up. NULL: nothing to start.                                       */
  tool_status (*start)(const tool_host *host, const tool_str *config, int64_t deadline_ns,
                       void **pack, tool_result *error);

  /* [worker], a TOOL_INLINE tool also [loop]. tool is one of the pointers published above. *result
   * is zeroed and has struct_size set. Fill it in and return its status; or leave it alone, return
   * TOOL_PENDING and call complete() later. Required: never NULL.                                */
  tool_status (*invoke)(void *pack, const tool_descriptor *tool, const tool_call *call,
                        tool_result *result);

  /* [any] Says that nobody waits for a call any more; reason is TOOL_E_CANCELLED or
   * TOOL_E_DEADLINE. At most once a call, perhaps while invoke() has hardly begun and perhaps after
   * the call was settled: a pack that keeps a list of its calls asks cancelled() once it has put a
   * new one there. Must not block. A pending call must still be settled. NULL: the pack asks
   * cancelled() instead, or does not care.                                                       */
  void (*cancel)(void *pack, tool_call_id id, tool_status reason);

  /* [once] The last call: no invoke() follows. Settle what is open, end your threads, and make no
   * host call after returning. Past deadline_ns the process ends without waiting. NULL: nothing to
   * stop.                                                                                        */
  void (*stop)(void *pack, int64_t deadline_ns);
} tool_pack;

/* [any] The one exported function. Returns the same table each time, and does nothing else: no file,
 * no thread, no host call. The host may call it in a process that it throws away afterwards, only to
 * read the descriptors. Returns NULL when the pack cannot work on this machine.                  */
__attribute__((visibility("default"))) const tool_pack *tool_pack_entry_v1(void);

#ifdef __cplusplus
}
#endif
#endif
