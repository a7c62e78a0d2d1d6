/* See frames.h. */
#include "frames.h"

#include <string.h>

enum { FINAL = 0x80, MASKED = 0x80, RESERVED = 0x70, OPCODE = 0x0F, SIZE_16 = 126, SIZE_64 = 127 };

static char *put_big_endian(char *to, uint64_t value, unsigned bytes)
{
    for (unsigned i = bytes; i > 0; i--)
        *to++ = (char)(value >> (8 * (i - 1)));
    return to;
}

static uint64_t big_endian(const unsigned char *from, unsigned bytes)
{
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value = value << 8 | from[i];
    return value;
}

char *frame_head(char *to, enum opcode opcode, size_t size, uint32_t mask)
{
    unsigned more = size < SIZE_16 ? 0 : size <= UINT16_MAX ? 2 : 8;
    *to++ = (char)(FINAL | opcode);
    *to++ = (char)(MASKED | (more == 0 ? size : more == 2 ? SIZE_16 : SIZE_64));
    to = put_big_endian(to, size, more);
    memcpy(to, &mask, sizeof mask);
    return to + sizeof mask;
}

void frame_mask(char *payload, size_t size, uint32_t mask)
{
    uint64_t wide = (uint64_t)mask << 32 | mask, word;
    size_t i = 0;
    for (; i + sizeof word <= size; i += sizeof word) {
        memcpy(&word, payload + i, sizeof word);
        word ^= wide;
        memcpy(payload + i, &word, sizeof word);
    }
    char key[sizeof wide];
    memcpy(key, &wide, sizeof key);
    for (; i < size; i++)
        payload[i] ^= key[i % sizeof key];
}

uint32_t mask_next(uint64_t *state)
{
    /* xorshift64* (Vigna, "An experimental exploration of Marsaglia's xorshift generators") */
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (uint32_t)((*state * UINT64_C(0x2545F4914F6CDD1D)) >> 32);
}

static bool is_control(enum opcode opcode)
{
    return opcode >= CLOSE;
}

static unsigned head_bytes(const struct frame_reader *reader)
{
    if (reader->head_size < 2 || (reader->head[1] & ~MASKED) < SIZE_16)
        return 2;
    return (reader->head[1] & ~MASKED) == SIZE_16 ? 4 : 10;
}

/* True once the head is whole. */
static bool gather_head(struct frame_reader *reader, const char **at, const char *end)
{
    while (reader->head_size < head_bytes(reader)) {
        if (*at == end)
            return false;
        reader->head[reader->head_size++] = (unsigned char)*(*at)++;
    }
    return true;
}

static const char *fault_of(const struct frame_reader *reader, unsigned opcode)
{
    bool goes_on = reader->message != CONTINUATION;
    if (reader->head[0] & RESERVED)
        return "reserved bits are set, but no extension was agreed";
    if (reader->head[1] & MASKED)
        return "a server must not mask its frames";
    if (opcode > PONG || (opcode > BINARY && opcode < CLOSE))
        return "an opcode that means nothing";
    if (opcode >= CLOSE && (!(reader->head[0] & FINAL) || reader->head[1] > MOST_CONTROL_BYTES))
        return "a control frame in pieces, or too long";
    if (opcode < CLOSE && goes_on != (opcode == CONTINUATION))
        return "a fragment out of its order";
    return NULL;
}

static bool begin_frame(struct frame_reader *reader)
{
    unsigned opcode = reader->head[0] & OPCODE, bytes = head_bytes(reader);
    reader->fault = fault_of(reader, opcode);
    if (reader->fault != NULL)
        return false;
    reader->opcode = opcode == CONTINUATION ? reader->message : (enum opcode)opcode;
    reader->is_final = reader->head[0] & FINAL;
    reader->left = bytes == 2 ? reader->head[1] : big_endian(reader->head + 2, bytes - 2);
    reader->control_size = 0;
    if (!is_control(reader->opcode))
        reader->message = reader->is_final ? CONTINUATION : reader->opcode;
    return true;
}

static enum frame_result end_frame(struct frame_reader *reader)
{
    reader->head_size = 0;
    return FRAME_PIECE;
}

static enum frame_result take_data(
    struct frame_reader *reader, struct span payload, struct piece *piece)
{
    bool is_end = reader->left == 0;
    *piece = (struct piece) {reader->opcode, payload, is_end && reader->is_final};
    if (is_end)
        return end_frame(reader);
    return payload.size > 0 ? FRAME_PIECE : FRAME_MORE;
}

static enum frame_result take_control(
    struct frame_reader *reader, struct span payload, struct piece *piece)
{
    memcpy(reader->control + reader->control_size, payload.bytes, payload.size);
    reader->control_size += (uint8_t)payload.size;
    if (reader->left > 0)
        return FRAME_MORE;
    *piece = (struct piece) {reader->opcode, {reader->control, reader->control_size}, true};
    return end_frame(reader);
}

enum frame_result frame_next(
    struct frame_reader *reader, const char **at, const char *end, struct piece *piece)
{
    if (reader->head_size < head_bytes(reader)) {
        if (!gather_head(reader, at, end))
            return FRAME_MORE;
        if (!begin_frame(reader))
            return FRAME_BAD;
    }
    struct span payload = {*at, least((size_t)(end - *at), (size_t)reader->left)};
    *at += payload.size;
    reader->left -= payload.size;
    return is_control(reader->opcode) ? take_control(reader, payload, piece)
                                      : take_data(reader, payload, piece);
}
