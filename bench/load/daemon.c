/* An XMLSocket daemon that costs next to nothing, so that what stands before it can be measured: it
 * sends every byte back, and on command one message to everybody.
 *
 *     daemon [--backlog N]
 *
 * It listens on 127.0.0.1 and says its port in a line on stdout. On stdin it takes commands:
 *
 *     push SIZE    sends a message of SIZE bytes, and its zero byte, to each open connection;
 *                  answers `pushed N NANOSECONDS`: to how many, and when it began, by
 *                  CLOCK_MONOTONIC
 *
 * Messages are those of message.h; each connection has its own numbers, from 1. A connection that
 * has left a megabyte unread is passed over. It ends when stdin does. */
#include "clock.h"
#include "echo.h"
#include "fatal.h"
#include "lines.h"
#include "sockets.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum { EVENTS_AT_ONCE = 512, BACKLOG = 4096, MOST_PUSHED_BYTES = 1 << 24 };

struct daemon {
    int epoll;
    int listening;
    struct connection **connections;
    size_t n_connections;
    size_t capacity;
    struct messages messages; /* of the size that was pushed last */
    struct buffer scratch;
    struct lines lines;
};

static void add(struct daemon *daemon, struct connection *connection)
{
    if (daemon->n_connections == daemon->capacity) {
        daemon->capacity = daemon->capacity > 0 ? 2 * daemon->capacity : 64;
        daemon->connections =
            realloc(daemon->connections, daemon->capacity * sizeof *daemon->connections);
        if (daemon->connections == NULL)
            fatal("no memory for %zu connections", daemon->capacity);
    }
    connection->place = daemon->n_connections++;
    daemon->connections[connection->place] = connection;
}

static void drop(struct daemon *daemon, struct connection *connection)
{
    struct connection *last = daemon->connections[--daemon->n_connections];
    daemon->connections[connection->place] = last;
    last->place = connection->place;
    connection_free(connection);
}

static void accept_all(struct daemon *daemon)
{
    int fd;
    while ((fd = socket_accept(daemon->listening)) >= 0)
        add(daemon, connection_new(fd, daemon->epoll));
}

static void push(struct daemon *daemon, size_t size)
{
    if (daemon->messages.size != size) {
        messages_free(&daemon->messages);
        daemon->messages = messages_of(size);
    }
    uint64_t began_ns = now_ns();
    size_t n = 0;
    for (size_t i = 0; i < daemon->n_connections; i++)
        n += connection_push(daemon->connections[i], &daemon->messages, &daemon->scratch);
    printf("pushed %zu %" PRIu64 "\n", n, began_ns);
}

static void obey(struct daemon *daemon, const char *line)
{
    size_t size;
    char rest;
    if (sscanf(line, "push %zu%c", &size, &rest) != 1 || size < LEAST_MESSAGE_BYTES
        || size > MOST_PUSHED_BYTES)
        fatal("not a command: %s (push SIZE; a message has %d bytes or more)", line,
            LEAST_MESSAGE_BYTES);
    push(daemon, size);
}

static void take_commands(struct daemon *daemon)
{
    char line[LONGEST_LINE + 1];
    lines_read(&daemon->lines);
    while (lines_next(&daemon->lines, line))
        obey(daemon, line);
    fflush(stdout);
}

static void serve(struct daemon *daemon, const struct epoll_event *event, char *input)
{
    struct connection *connection = event->data.ptr;
    if (connection == NULL)
        take_commands(daemon);
    else if (event->data.ptr == daemon)
        accept_all(daemon);
    else if (!connection_serve(connection, event->events, input))
        drop(daemon, connection);
}

static void run(struct daemon *daemon)
{
    static char input[READ_BYTES];
    struct epoll_event events[EVENTS_AT_ONCE];
    bool is_watched = lines_watch(daemon->epoll);
    while (!daemon->lines.is_over) {
        int n = epoll_wait(daemon->epoll, events, EVENTS_AT_ONCE, is_watched ? -1 : 0);
        for (int i = 0; i < n; i++)
            serve(daemon, &events[i], input);
        if (!is_watched)
            take_commands(daemon);
    }
}

static void end(struct daemon *daemon)
{
    while (daemon->n_connections > 0)
        drop(daemon, daemon->connections[0]);
    free(daemon->connections);
    free(daemon->scratch.bytes);
    messages_free(&daemon->messages);
}

static int backlog_of(int argc, char **argv)
{
    if (argc == 1)
        return BACKLOG;
    int backlog = argc == 3 && strcmp(argv[1], "--backlog") == 0 ? atoi(argv[2]) : 0;
    if (backlog < 1)
        fatal("usage: %s [--backlog N]", argv[0]);
    return backlog;
}

int main(int argc, char **argv)
{
    struct daemon daemon = {.epoll = epoll_create1(EPOLL_CLOEXEC)};
    unsigned port;
    raise_descriptor_limit();
    daemon.listening = socket_listen(backlog_of(argc, argv), &port);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &daemon};
    if (epoll_ctl(daemon.epoll, EPOLL_CTL_ADD, daemon.listening, &event) < 0)
        fatal("epoll does not take the listening socket: %s", strerror(errno));
    printf("%u\n", port);
    fflush(stdout);
    run(&daemon);
    end(&daemon);
    return EXIT_SUCCESS;
}
