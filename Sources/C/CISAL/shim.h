#pragma once
#include <isa-l.h>
#include <isa-l/igzip_lib.h>
#include <stdint.h>
#include <stdlib.h>

/* ISA-L's stream has arrays too large for Swift: importing the type adds 0.3 MB of code that handles its
   values. So Swift gets untyped pointers. */
typedef struct {
  struct isal_zstream stream;
  uint8_t *level_buffer;
  uint32_t level_buffer_size;
  uint32_t level;
} img_isal;

static inline void img_isal_free(void *stream) {
  img_isal *isal = stream;
  if (isal) free(isal->level_buffer);
  free(isal);
}

/* Creates a stream for a level from 1 to 3; NULL if there is no memory. */
static inline void *img_isal_new(uint32_t level) {
  /* Buffers of 8 or 4 Ki tokens of 4 bytes instead of the usual 64 Ki: Huffman tables that change more often
     fit better and make the result 1 to 1.7 % smaller, but take a tenth more time. Level 2 has 8 Ki: 4 Ki would
     make it 0.2 % smaller for another tenth. */
  static const uint32_t sizes[] = {0, ISAL_DEF_LVL1_REQ + 32 * 1024, ISAL_DEF_LVL2_REQ + 32 * 1024,
                                   ISAL_DEF_LVL3_REQ + 16 * 1024};
  img_isal *isal = calloc(1, sizeof *isal);
  if (!isal) return NULL;
  isal->level = level;
  isal->level_buffer_size = sizes[level];
  isal->level_buffer = malloc(sizes[level]);
  if (isal->level_buffer) return isal;
  img_isal_free(isal);
  return NULL;
}

/* Compresses one block, primed with its history, up to a sync flush. The number of bytes written, or -1. */
static inline int64_t img_isal_deflate(void *state, const uint8_t *block, uint32_t block_size,
                                       const uint8_t *history, uint32_t history_size, uint8_t *output,
                                       uint32_t output_size) {
  img_isal *isal = state;
  struct isal_zstream *stream = &isal->stream;
  isal_deflate_init(stream);
  stream->level = isal->level;
  stream->level_buf = isal->level_buffer;
  stream->level_buf_size = isal->level_buffer_size;
  stream->flush = SYNC_FLUSH;
  if (history_size > 0 && isal_deflate_set_dict(stream, (uint8_t *)history, history_size) != COMP_OK) return -1;
  stream->next_in = (uint8_t *)block;
  stream->avail_in = block_size;
  stream->next_out = output;
  stream->avail_out = output_size;
  if (isal_deflate(stream) != COMP_OK || stream->avail_in != 0 || stream->avail_out == 0) return -1;
  return output_size - stream->avail_out;
}

/* Creates a decoder for the members of a gzip stream; NULL if there is no memory. */
static inline void *img_isal_inflate_new(void) {
  struct inflate_state *state = malloc(sizeof *state);
  if (!state) return NULL;
  isal_inflate_init(state);
  state->crc_flag = ISAL_GZIP;
  return state;
}

static inline void img_isal_inflate_free(void *state) { free(state); }

/* Starts at the header of a member. */
static inline void img_isal_inflate_begin(void *state) { isal_inflate_reset(state); }

/* Decompresses until the input is used, the output is full or the member ends. Reduces the sizes by what was used.
   1 at the end of the member, 0 before, less for damage. */
static inline int img_isal_inflate(void *decoder, const uint8_t *input, uint32_t *input_size, uint8_t *output,
                                   uint32_t *output_size) {
  struct inflate_state *state = decoder;
  state->next_in = (uint8_t *)input;
  state->avail_in = *input_size;
  state->next_out = output;
  state->avail_out = *output_size;
  int result = isal_inflate(state);
  *input_size = state->avail_in;
  *output_size = state->avail_out;
  if (result < 0) return result;
  if (result == ISAL_NEED_DICT) return ISAL_INVALID_WRAPPER;
  return state->block_state == ISAL_BLOCK_FINISH;
}
