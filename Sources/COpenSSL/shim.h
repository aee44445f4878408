/* libcrypto, as the host uses it: digests, signatures, keys. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>

/* A macro of macros, which Swift does not import. */
static const int COPENSSL_PUBLIC_KEY = EVP_PKEY_PUBLIC_KEY;
