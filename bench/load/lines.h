/* Lines that come on stdin, for a program that waits for other things too. */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>
#include <stddef.h>

enum { LONGEST_LINE = 200 };

/* All zero before the first call. */
struct lines {
    char text[LONGEST_LINE + 1];
    size_t size;
    bool is_over; /* nothing more will come */
};

/* Reads what there is, once. Call when stdin is readable, then `lines_next` until that is false. */
void lines_read(struct lines *lines);

/* Moves the next whole line to `line`, without its line end. */
bool lines_next(struct lines *lines, char line[static LONGEST_LINE + 1]);

/* Lets `epoll` report stdin, with NULL as its data. False if epoll cannot wait for it, as for a
 * file or /dev/null, which can be read at any time. */
bool lines_watch(int epoll);

/* Stops that. Without it epoll would report the end of stdin for ever. */
void lines_unwatch(int epoll);

#endif
