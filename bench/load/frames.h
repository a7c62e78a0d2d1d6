/* WebSocket frames, the client's side (RFC 6455, section 5): masked ones out, plain ones in.
 * Payloads are handed on where they lie, in pieces, so that no frame is ever held. */
#ifndef FRAMES_H
#define FRAMES_H

#include "span.h"

#include <stdbool.h>
#include <stdint.h>

enum opcode { CONTINUATION = 0x0, TEXT = 0x1, BINARY = 0x2, CLOSE = 0x8, PING = 0x9, PONG = 0xA };

enum { MOST_CONTROL_BYTES = 125, MOST_FRAME_HEAD_BYTES = 14 };

/* Writes the head of an unfragmented frame and returns where its payload begins. */
char *frame_head(char *to, enum opcode opcode, size_t size, uint32_t mask);
void frame_mask(char *payload, size_t size, uint32_t mask);

/* The next key for a mask. The keys only have to look random to what is measured, so a fast
 * generator does where section 5.3 wants a strong one; `state` is not 0. */
uint32_t mask_next(uint64_t *state);

/* All zero before the first frame. */
struct frame_reader {
    const char *fault; /* why FRAME_BAD */
    unsigned char head[10];
    uint8_t head_size;
    uint8_t control_size;
    bool is_final;
    enum opcode opcode;
    enum opcode message; /* the opcode of the message that a continuation goes on with */
    uint64_t left;       /* payload bytes of this frame still to come */
    char control[MOST_CONTROL_BYTES];
};

/* A piece of a message. Control frames are always whole. */
struct piece {
    enum opcode opcode; /* never CONTINUATION */
    struct span payload;
    bool ends; /* the message */
};

enum frame_result { FRAME_PIECE, FRAME_MORE, FRAME_BAD };

/* Takes the next piece from the bytes between `*at`, which moves on, and `end`: FRAME_PIECE.
 * FRAME_MORE when all are taken, FRAME_BAD when the server broke a rule. */
enum frame_result frame_next(
    struct frame_reader *reader, const char **at, const char *end, struct piece *piece);

#endif
