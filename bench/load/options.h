/* What the client is asked to do, by its command line. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct options {
    const char *to;          /* HOST:PORT */
    const char *speak;       /* the name of a kind */
    const char *path;        /* NULL: the kind's own */
    const char *origin;      /* NULL: none */
    const char *subprotocol; /* of a WebSocket; NULL: the kind's own, if any */
    unsigned clients;
    unsigned busy; /* so many of them send */
    unsigned batch;
    size_t size;
    double warm_up_s;
    double seconds;
    double opens_s;    /* above 0: open sessions for so long, and nothing else */
    double patience_s; /* with a server that is silent */
    bool holds;
    bool only_listens;
};

/* Fatal when they make no sense. */
struct options options_of(int argc, char **argv);

#endif
