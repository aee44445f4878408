/* zlib, as the host uses it: documents are compressed whole. */
#include <zlib.h>

/* deflateInit2 is a macro, which Swift does not see. 16 beyond the window's size asks for gzip (RFC 1952). */
static inline int czlib_begin_gzip(z_streamp stream) {
    return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
