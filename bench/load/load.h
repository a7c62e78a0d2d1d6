/* The course of a run: open all sessions, wait if asked to, send, measure, wait for what is still
 * on its way, close. One thread, one epoll. */
#ifndef LOAD_H
#define LOAD_H

#include "lines.h"
#include "session.h"

struct measured {
    double opened_s; /* how long opening took */
    unsigned opened; /* how many sessions */
    double seconds;  /* how long was measured */
    double cpu_us;   /* of this process, user and system, meanwhile */
    uint64_t bytes_in;
    uint64_t bytes_out;
};

struct load {
    struct run run;
    struct session *sessions;
    struct lines lines;
    bool reads_lines; /* whether stdin means anything */
    bool polls_lines; /* whether epoll does not know when it is readable */
    uint64_t moved_ns;
    uint64_t tick_ns;
    struct measured measured;
};

struct load *load_new(const struct options *options);

/* Does all that the options ask for, and leaves the sessions open. */
void load_run(struct load *load);

/* Closes them, as far as the server answers in time, and frees all. */
void load_end(struct load *load);

#endif
