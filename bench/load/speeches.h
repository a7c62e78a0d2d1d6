/* Each kind by its name; one file or two each. */
#ifndef SPEECHES_H
#define SPEECHES_H

#include "speech.h"

extern const struct speech TCP;
extern const struct speech PLAIN;
extern const struct speech PLAIN_BINARY;
extern const struct speech RAW;
extern const struct speech V1;
extern const struct speech LONG_POLL;
extern const struct speech LONG_POLL_COMBINED;
extern const struct speech EVENT_STREAM;
extern const struct speech ENGINE_IO;

#endif
