/* See message.h. */
#include "message.h"

#include "fatal.h"

#include <stdlib.h>
#include <string.h>

/* The padding is a window on one text, moved on by a byte with each message. A prime, so that
 * messages with the same window are never a round number apart. */
enum { SHIFTS = 251 };

static const char HEAD[] = "<m n=\"0000000000\" c=\"00000\">";
enum { NUMBER_AT = 6, NUMBER_DIGITS = 10, CLIENT_AT = 21, CLIENT_DIGITS = 5 };

/* Nothing that XML or JSON has to escape, and no space at which a line might be broken. */
static const char ALPHABET[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;!?+*=()";

struct messages messages_of(size_t size)
{
    size_t n = size - LEAST_MESSAGE_BYTES + SHIFTS;
    struct messages messages = {size, malloc(n)};
    if (messages.padding == NULL)
        fatal("no memory for messages of %zu bytes", size);
    uint32_t state = 1;
    for (size_t i = 0; i < n; i++) {
        /* Any text will do, if it is the same in each process (a linear congruential generator). */
        state = state * 1664525 + 1013904223;
        messages.padding[i] = ALPHABET[(state >> 16) % (sizeof ALPHABET - 1)];
    }
    return messages;
}

void messages_free(struct messages *messages)
{
    free(messages->padding);
    messages->padding = NULL;
}

static void put_digits(char *to, unsigned digits, uint64_t value)
{
    for (; digits > 0; value /= 10)
        to[--digits] = (char)('0' + value % 10);
}

struct place place_of(unsigned client, uint64_t number)
{
    struct place place = {.shift = (size_t)((number + client) % SHIFTS)};
    memcpy(place.head, HEAD, HEAD_BYTES);
    put_digits(place.head + NUMBER_AT, NUMBER_DIGITS, number);
    put_digits(place.head + CLIENT_AT, CLIENT_DIGITS, client);
    return place;
}

void place_advance(struct place *place)
{
    char *first = place->head + NUMBER_AT, *digit = first + NUMBER_DIGITS - 1;
    for (; *digit == '9' && digit > first; digit--)
        *digit = '0';
    *digit = *digit == '9' ? '0' : (char)(*digit + 1);
    place->shift = place->shift + 1 < SHIFTS ? place->shift + 1 : 0;
}

char *message_write(const struct messages *messages, const struct place *place, char *to)
{
    size_t padding = messages->size - LEAST_MESSAGE_BYTES;
    memcpy(to, place->head, HEAD_BYTES);
    memcpy(to + HEAD_BYTES, messages->padding + place->shift, padding);
    memcpy(to + HEAD_BYTES + padding, "</m>", TAIL_BYTES);
    return to + messages->size;
}

void stream_write(
    const struct messages *messages, unsigned client, uint64_t number, size_t count, char *to)
{
    struct place place = place_of(client, number);
    for (size_t i = 0; i < count; i++) {
        to = message_write(messages, &place, to);
        *to++ = '\0';
        place_advance(&place);
    }
}

void echo_begin(struct echo *echo, unsigned client)
{
    *echo = (struct echo) {.place = place_of(client, 1)};
}

struct span echo_expected(const struct echo *echo, const struct messages *messages)
{
    static const char TAIL[] = "</m>"; /* and the zero byte */
    const struct place *place = &echo->place;
    const char *padding = messages->padding + place->shift;
    size_t offset = echo->offset, tail = messages->size - TAIL_BYTES;
    if (offset < HEAD_BYTES)
        return (struct span) {place->head + offset, HEAD_BYTES - offset};
    if (offset < tail)
        return (struct span) {padding + (offset - HEAD_BYTES), tail - offset};
    return (struct span) {TAIL + (offset - tail), messages->size + 1 - offset};
}

const char *echo_take(
    struct echo *echo, const struct messages *messages, const char *bytes, size_t size)
{
    while (size > 0) {
        struct span next = echo_expected(echo, messages);
        size_t n = least(size, next.size);
        if (memcmp(bytes, next.bytes, n) != 0)
            return bytes;
        bytes += n;
        size -= n;
        echo->offset += n;
        if (echo->offset > messages->size) {
            echo->received++;
            echo->offset = 0;
            place_advance(&echo->place);
        }
    }
    return NULL;
}
