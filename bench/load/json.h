/* The little that a client needs of JSON: a member of a short object that this bridge or Engine.IO
 * has written. Names are found wherever they stand, which is enough where values hold no quoted
 * names. */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False when there is no such member of this type. */
bool json_number(const char *text, const char *name, uint64_t *value);

/* Without escapes; false, too, when the value is `capacity` bytes or longer. */
bool json_string(const char *text, const char *name, char *value, size_t capacity);

#endif
