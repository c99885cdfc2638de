#pragma once
/* The low-level SHA256_* calls need no start-up and add 25 kB to a static executable; EVP initialises the
   provider machinery first (2.4 ms). Both run the same code with the processor's SHA instructions. */
#define OPENSSL_SUPPRESS_DEPRECATED 1
#include <openssl/sha.h>
