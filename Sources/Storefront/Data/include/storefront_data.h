/* The data files that are compiled into every pack: JSON lines, without a terminating zero. */
#ifndef STOREFRONT_DATA_H
#define STOREFRONT_DATA_H

#include <stddef.h>
#include <stdint.h>

/* Both live as long as the process. */
const uint8_t *storefront_products(size_t *size);
const uint8_t *storefront_deals(size_t *size);

#endif
