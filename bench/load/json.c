/* See json.h. */
#include "json.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 40 };

/* Where the value of the member begins, or NULL. */
static const char *value_of(const char *text, const char *name)
{
    char quoted[LONGEST_NAME + 3];
    snprintf(quoted, sizeof quoted, "\"%s\"", name);
    const char *found = strstr(text, quoted);
    if (found == NULL)
        return NULL;
    found += strlen(quoted);
    found += strspn(found, " \t\r\n");
    return *found == ':' ? found + 1 + strspn(found + 1, " \t\r\n") : NULL;
}

bool json_number(const char *text, const char *name, uint64_t *value)
{
    const char *found = value_of(text, name);
    if (found == NULL || !isdigit((unsigned char)*found))
        return false;
    *value = strtoull(found, NULL, 10);
    return true;
}

bool json_string(const char *text, const char *name, char *value, size_t capacity)
{
    const char *found = value_of(text, name);
    if (found == NULL || *found != '"')
        return false;
    size_t size = strcspn(found + 1, "\"");
    if (size >= capacity)
        return false;
    memcpy(value, found + 1, size);
    value[size] = '\0';
    return true;
}
