/* See session.h. */
#include "session.h"

#include "clock.h"
#include "fatal.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/* How much of a difference is shown. */
enum { SHOWN_BYTES = 48 };

static void enter(struct session *session, enum session_state state)
{
    session->run->n_in[session->state]--;
    session->run->n_in[state]++;
    session->run->has_moved = true;
    session->state = state;
}

static void set_waiting(struct session *session, bool is_waiting)
{
    session->run->n_waiting += (unsigned)is_waiting - (unsigned)session->is_waiting;
    session->is_waiting = is_waiting;
}

static void close_wires(struct session *session)
{
    wire_close(&session->wires[0]);
    wire_close(&session->wires[1]);
}

void session_init(struct session *session, struct run *run, unsigned client)
{
    const struct options *options = run->options;
    *session = (struct session) {.run = run, .client = client};
    session->sends = client < options->busy && !options->only_listens;
    session->wires[0].session = session;
    session->wires[1].session = session;
    session->speech_state = calloc(1, run->speech->state_bytes + 1);
    if (session->speech_state == NULL)
        fatal("no memory for %u clients", options->clients);
    run->n_in[SESSION_IDLE]++;
}

void session_free(struct session *session)
{
    close_wires(session);
    free(session->wires[0].out.bytes);
    free(session->wires[1].out.bytes);
    free(session->speech_state);
}

void session_begin(struct session *session)
{
    struct run *run = session->run;
    memset(session->speech_state, 0, run->speech->state_bytes);
    echo_begin(&session->echo, run->options->only_listens ? 0 : session->client);
    session->goal = 0;
    session->began_ns = now_ns();
    enter(session, SESSION_OPENING);
    if (session_connect(session, &session->wires[0]) && run->speech->open != NULL)
        run->speech->open(session);
}

void session_close(struct session *session)
{
    enter(session, SESSION_CLOSING);
    session->run->speech->close(session);
}

void session_opened(struct session *session)
{
    enter(session, SESSION_OPEN);
}

void session_over(struct session *session)
{
    close_wires(session);
    enter(session, SESSION_OVER);
}

void session_fail(struct session *session, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    tally_error(&session->run->tally, session->client, format, values);
    va_end(values);
    close_wires(session);
    set_waiting(session, false);
    enter(session, SESSION_FAILED);
}

const char *session_path(const struct session *session)
{
    const struct run *run = session->run;
    return run->options->path != NULL ? run->options->path : run->speech->path;
}

bool session_connect(struct session *session, struct wire *wire)
{
    struct run *run = session->run;
    if (wire->state != WIRE_CLOSED || wire_open(wire, &run->address, run->epoll))
        return true;
    session_fail(session, "cannot connect: %s", strerror(errno));
    return false;
}

void session_write(struct session *session, struct wire *wire)
{
    struct buffer *scratch = &session->run->scratch;
    wire_write(wire, buffer_bytes(scratch), buffer_size(scratch));
    buffer_clear(scratch);
}

/* -- comparing */

static void fail_different(struct session *session, const char *bytes, size_t size)
{
    struct span expected = echo_expected(&session->echo, &session->run->messages);
    size_t same = 0;
    while (same < size && same < expected.size && bytes[same] == expected.bytes[same])
        same++;
    session_fail(session, "message %" PRIu64 " differs at byte %zu: \"%.*s\" instead of \"%.*s\"",
        session->echo.received + 1, session->echo.offset + same,
        (int)least(size - same, SHOWN_BYTES), bytes + same,
        (int)least(expected.size - same, SHOWN_BYTES), expected.bytes + same);
}

static bool is_ahead(const struct session *session)
{
    const struct echo *echo = &session->echo;
    return echo->received > session->goal || (echo->received == session->goal && echo->offset > 0);
}

static void count(struct session *session, uint64_t had)
{
    struct run *run = session->run;
    run->has_moved = true;
    if (run->tally.is_measuring)
        run->tally.messages += session->echo.received - had;
    if (run->options->only_listens)
        while (had++ < session->echo.received)
            heard_add(&run->heard, had, run->options->clients);
}

bool session_take(struct session *session, const char *bytes, size_t size)
{
    uint64_t had = session->echo.received;
    const char *different = echo_take(&session->echo, &session->run->messages, bytes, size);
    count(session, had);
    if (different != NULL)
        fail_different(session, different, (size_t)(bytes + size - different));
    else if (is_ahead(session) && !session->run->options->only_listens)
        session_fail(session, "message %" PRIu64 " came before it was sent", session->goal + 1);
    return session->state != SESSION_FAILED;
}

/* -- batches */

static void begin_batch(struct session *session, uint64_t now)
{
    set_waiting(session, true);
    session->goal += session->run->options->batch;
    session->goal_ns = now;
    session->run->speech->send(session);
}

void session_go_on(struct session *session)
{
    bool is_done = session->state == SESSION_OPEN && session->echo.received == session->goal;
    bool has_more = session->goal == 0 || session->run->options->opens_s == 0;
    bool goes_on = is_done && has_more && session->run->may_send && session->sends;
    if (!goes_on && !(is_done && session->is_waiting))
        return;
    uint64_t now = now_ns();
    if (session->is_waiting)
        tally_batch(&session->run->tally, session->goal_ns, now);
    set_waiting(session, false);
    if (goes_on)
        begin_batch(session, now);
}

/* -- events */

static void finish_connecting(struct session *session, struct wire *wire)
{
    int error = wire_connected(wire);
    if (error != 0)
        session_fail(session, "cannot connect: %s", strerror(error));
    else if (wire == &session->wires[0] && session->run->speech->connected != NULL)
        session->run->speech->connected(session);
}

static void end_wire(struct session *session, struct wire *wire, const char *why)
{
    const struct speech *speech = session->run->speech;
    if (speech->may_end != NULL && speech->may_end(session, wire))
        wire_close(wire);
    else if (session->state == SESSION_CLOSING)
        session_over(session);
    else
        session_fail(session, "the connection has ended: %s", why);
}

static void receive(struct session *session, struct wire *wire)
{
    char *input = session->run->input;
    ssize_t n = wire_read(wire, input, READ_BYTES);
    if (n > 0)
        session->run->speech->receive(session, wire, input, (size_t)n);
    else if (n == 0)
        end_wire(session, wire, "closed by the server");
    else if (errno != EAGAIN && errno != EINTR)
        end_wire(session, wire, strerror(errno));
}

void session_event(struct wire *wire, uint32_t events)
{
    struct session *session = wire->session;
    if (wire->state == WIRE_CONNECTING)
        finish_connecting(session, wire);
    else if (wire->state == WIRE_OPEN && events & EPOLLOUT)
        wire_flush(wire);
    /* What came before it in the same round may have closed it. */
    if (wire->state == WIRE_OPEN && events & ~(uint32_t)EPOLLOUT)
        receive(session, wire);
    session_go_on(session);
}
