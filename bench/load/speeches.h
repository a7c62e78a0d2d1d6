/* Each kind by its name; one file or two each. */
#ifndef SPEECHES_H
#define SPEECHES_H

#include "speech.h"

extern const struct speech TCP;
extern const struct speech PLAIN;
extern const struct speech PLAIN_BINARY;
extern const struct speech RAW;
extern const struct speech V1;

#endif
