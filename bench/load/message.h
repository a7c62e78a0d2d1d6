/* The messages of a run: XML of one size, each a function of who sends it and its number.
 *
 *     <m n="0000012345" c="00042">padding</m>
 *
 * So nothing sent has to be remembered for the comparison with what comes back, and a message that
 * was lost, doubled, altered, moved or given to somebody else is seen by its bytes. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "span.h"

#include <stdint.h>

enum {
    HEAD_BYTES = sizeof "<m n=\"0000012345\" c=\"00042\">" - 1,
    TAIL_BYTES = sizeof "</m>" - 1,
    LEAST_MESSAGE_BYTES = HEAD_BYTES + TAIL_BYTES,
    MOST_CLIENTS = 100000 /* five digits */
};

/* What all messages of one size share. */
struct messages {
    size_t size; /* of a message, without its zero byte */
    char *padding;
};

/* `size` is LEAST_MESSAGE_BYTES or more. */
struct messages messages_of(size_t size);
void messages_free(struct messages *messages);

/* A place in the sequence of one client's messages. */
struct place {
    size_t shift; /* where in the padding the message begins */
    char head[HEAD_BYTES];
};

struct place place_of(unsigned client, uint64_t number);

/* The next message: a few instructions, where `place_of` has divisions. */
void place_advance(struct place *place);

/* Writes the message at this place, without its zero byte, and returns where that would stand. */
char *message_write(const struct messages *messages, const struct place *place, char *to);

/* Writes `count` messages from `number` on, each with its zero byte: count * (size + 1) bytes. */
void stream_write(
    const struct messages *messages, unsigned client, uint64_t number, size_t count, char *to);

/* What must come next on a stream of one client's messages, and how much of it has come. */
struct echo {
    uint64_t received; /* whole messages */
    size_t offset;     /* bytes of the next one */
    struct place place;
};

/* From message 1 on. */
void echo_begin(struct echo *echo, unsigned client);

/* Compares with what must come next, zero bytes included: NULL when all is equal. Else where in
 * `bytes` the piece with the first difference begins; `echo_expected` is what it should have
 * been. */
const char *echo_take(
    struct echo *echo, const struct messages *messages, const char *bytes, size_t size);

/* What must come next, as far as that is one piece of a message; never empty. */
struct span echo_expected(const struct echo *echo, const struct messages *messages);

#endif
