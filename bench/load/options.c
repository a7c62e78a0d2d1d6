/* See options.h. */
#include "options.h"

#include "fatal.h"
#include "message.h"
#include "speech.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char USAGE[] =
    "usage: client --to HOST:PORT --speak KIND [options]\n"
    "  --clients N      connections, 1 by default\n"
    "  --busy K         only the first K of them send; all by default\n"
    "  --batch M        messages that each sends before it waits for their echoes, 1 by default\n"
    "  --size B         bytes of a message, 100 by default, 32 at least\n"
    "  --seconds S      how long to measure, 5 by default\n"
    "  --warm-up S      and how long to send before, 1 by default\n"
    "  --hold           wait for a line on stdin before anything is sent\n"
    "  --listen-only    send nothing, tell when all have got a message, until stdin ends\n"
    "  --opens S        open and close sessions for so long, N at a time, and nothing else\n"
    "  --patience S     how long a silent server is waited for, 10 by default\n"
    "  --path PATH  --origin ORIGIN  --subprotocol NAME\n"
    "kinds:";

enum {
    TO = 1,
    SPEAK,
    PATH,
    ORIGIN,
    SUBPROTOCOL,
    CLIENTS,
    BUSY,
    BATCH,
    SIZE,
    WARM_UP,
    SECONDS,
    OPENS,
    PATIENCE,
    HOLD,
    LISTEN_ONLY
};

static const struct option LONG_OPTIONS[] = {
    {"to", required_argument, NULL, TO},
    {"speak", required_argument, NULL, SPEAK},
    {"path", required_argument, NULL, PATH},
    {"origin", required_argument, NULL, ORIGIN},
    {"subprotocol", required_argument, NULL, SUBPROTOCOL},
    {"clients", required_argument, NULL, CLIENTS},
    {"busy", required_argument, NULL, BUSY},
    {"batch", required_argument, NULL, BATCH},
    {"size", required_argument, NULL, SIZE},
    {"warm-up", required_argument, NULL, WARM_UP},
    {"seconds", required_argument, NULL, SECONDS},
    {"opens", required_argument, NULL, OPENS},
    {"patience", required_argument, NULL, PATIENCE},
    {"hold", no_argument, NULL, HOLD},
    {"listen-only", no_argument, NULL, LISTEN_ONLY},
    {0},
};

_Noreturn static void refuse(void)
{
    fputs(USAGE, stderr);
    for (const struct speech *const *speech = SPEECHES; *speech != NULL; speech++)
        fprintf(stderr, " %s", (*speech)->name);
    fatal("%s", "");
}

static unsigned count_of(const char *text, unsigned long min, unsigned long max)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || value < min || value > max)
        fatal("%s is not a number from %lu to %lu", text, min, max);
    return (unsigned)value;
}

static double seconds_of(const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !(value >= 0 && value < 1e6))
        fatal("%s is not a number of seconds", text);
    return value;
}

static void take(struct options *options, int option, const char *value)
{
    switch (option) {
    case TO: options->to = value; break;
    case SPEAK: options->speak = value; break;
    case PATH: options->path = value; break;
    case ORIGIN: options->origin = value; break;
    case SUBPROTOCOL: options->subprotocol = value; break;
    case CLIENTS: options->clients = count_of(value, 1, MOST_CLIENTS - 1); break;
    case BUSY: options->busy = count_of(value, 0, MOST_CLIENTS - 1); break;
    case BATCH: options->batch = count_of(value, 1, 100000); break;
    case SIZE: options->size = count_of(value, LEAST_MESSAGE_BYTES, 1 << 24); break;
    case WARM_UP: options->warm_up_s = seconds_of(value); break;
    case SECONDS: options->seconds = seconds_of(value); break;
    case OPENS: options->opens_s = seconds_of(value); break;
    case PATIENCE: options->patience_s = seconds_of(value); break;
    case HOLD: options->holds = true; break;
    case LISTEN_ONLY: options->only_listens = true; break;
    default: refuse();
    }
}

struct options options_of(int argc, char **argv)
{
    struct options options = {
        .clients = 1,
        .busy = MOST_CLIENTS,
        .batch = 1,
        .size = 100,
        .warm_up_s = 1,
        .seconds = 5,
        .patience_s = 10,
    };
    int option;
    while ((option = getopt_long(argc, argv, "", LONG_OPTIONS, NULL)) != -1)
        take(&options, option, optarg);
    if (options.opens_s > 0)
        options.batch = 1; /* each session is for one message */
    if (optind < argc || options.to == NULL || options.speak == NULL)
        refuse();
    return options;
}
