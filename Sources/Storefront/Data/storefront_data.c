/* Carries the catalogue and the deals inside each pack, so that a single .so is a whole shop. */
#include "storefront_data.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const uint8_t products[] = {
#embed "products.jsonl"
};

static const uint8_t deals[] = {
#embed "deals.jsonl"
};

const uint8_t *storefront_products(size_t *size) {
  *size = sizeof products;
  return products;
}

const uint8_t *storefront_deals(size_t *size) {
  *size = sizeof deals;
  return deals;
}
