/* What a run has measured, as a line of JSON on stdout. */
#ifndef REPORT_H
#define REPORT_H

#include "load.h"

/* Of a run of messages. `bytes` are those of the messages alone, once per round trip;
 * `wire_bytes_in` and `wire_bytes_out` what TCP carried for them. */
void report_messages(const struct load *load);

/* Of a run of opens; the times are from the beginning of a connection to the end of its closing. */
void report_opens(const struct load *load);

#endif
