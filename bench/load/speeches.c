/* See speech.h. */
#include "speeches.h"

#include "fatal.h"

#include <string.h>

const struct speech *const SPEECHES[] = {
    &TCP,
    &PLAIN,
    &PLAIN_BINARY,
    &RAW,
    &V1,
    &LONG_POLL,
    &LONG_POLL_COMBINED,
    &EVENT_STREAM,
    &ENGINE_IO,
    NULL,
};

const struct speech *speech_named(const char *name)
{
    for (const struct speech *const *speech = SPEECHES; *speech != NULL; speech++)
        if (strcmp((*speech)->name, name) == 0)
            return *speech;
    fatal("there is no kind %s", name);
}
