/* `event-stream`: messages come as events (WHATWG HTML, section 9.2), each the text of a JSON
 * string, and go by POST, which acknowledges too. The bridge ends the stream when too much is not
 * acknowledged, and the client comes back. */
#include "owned.h"
#include "speeches.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char MESSAGE_LINE[] = "data: \"";

enum { MOST_LINE_TEXT = 256 };

enum part {
    IN_LINE,    /* of any kind, as long as it does not begin like a message */
    IN_MESSAGE, /* behind MESSAGE_LINE */
    IN_ESCAPE   /* there, behind a backslash */
};

struct event_stream {
    struct owned owned;
    enum part part;
    size_t line_size;
    char line[MOST_LINE_TEXT + 1]; /* as far as it has come, and fits */
};

static bool ask_for_events(struct session *session)
{
    struct event_stream *stream = session->speech_state;
    char path[MOST_PATH_BYTES];
    stream->part = IN_LINE;
    stream->line_size = 0;
    snprintf(
        path, sizeof path, "%s/events?ack=%" PRIu64, stream->owned.path, session->echo.received);
    requests_ask(session, DOWN, "GET", path);
    return session->state != SESSION_FAILED;
}

/* -- events */

/* Numbers, empty lines, comments and names of events mean nothing here, but what comes with an
 * event other than a message is the end. */
static bool end_line(struct session *session)
{
    struct event_stream *stream = session->speech_state;
    stream->line_size = 0;
    if (session->state == SESSION_CLOSING || strncmp(stream->line, "data:", 5) != 0)
        return true;
    session_fail(session, "the stream ends with %s", stream->line);
    return false;
}

static bool take_line(struct session *session, char c)
{
    struct event_stream *stream = session->speech_state;
    if (c == '\n')
        return end_line(session);
    if (stream->line_size < MOST_LINE_TEXT)
        stream->line[stream->line_size++] = c;
    stream->line[stream->line_size] = '\0';
    if (strcmp(stream->line, MESSAGE_LINE) == 0)
        stream->part = IN_MESSAGE;
    return true;
}

/* Of a message only quotes, backslashes and slashes may be escaped: it holds nothing else that need
 * be. */
static bool take_escape(struct session *session, char c)
{
    struct event_stream *stream = session->speech_state;
    stream->part = IN_MESSAGE;
    return session_take(session, &c, strchr("\"\\/", c) != NULL ? 1 : 0);
}

/* Takes what needs no look, and returns how much of the piece that was. */
static size_t take_plainly(struct session *session, struct span piece)
{
    size_t n = 0;
    while (n < piece.size && piece.bytes[n] != '"' && piece.bytes[n] != '\\')
        n++;
    session_take(session, piece.bytes, n);
    return n;
}

static bool take_special(struct session *session, char c)
{
    struct event_stream *stream = session->speech_state;
    stream->part = c == '\\' ? IN_ESCAPE : IN_LINE;
    if (c == '\\')
        return true;
    stream->line_size = 0;
    stream->line[0] = '\0';
    return session_take(session, "", 1); /* the zero byte */
}

static bool take_events(struct session *session, enum lane lane, struct span piece)
{
    const struct event_stream *stream = session->speech_state;
    const char *at = piece.bytes, *end = at + piece.size;
    bool goes_on = lane == DOWN;
    while (goes_on && at < end) {
        if (stream->part == IN_MESSAGE)
            at += take_plainly(session, (struct span) {at, (size_t)(end - at)});
        if (at == end || session->state == SESSION_FAILED)
            break;
        char c = *at++;
        goes_on = stream->part == IN_LINE     ? take_line(session, c)
                  : stream->part == IN_ESCAPE ? take_escape(session, c)
                                              : take_special(session, c);
    }
    return session->state != SESSION_FAILED;
}

/* -- requests */

static void send_message(struct session *session)
{
    owned_post(session, false);
}

/* DOWN: the answer to the opening, or a stream that has ended because its log is full. */
static bool streamed(struct session *session, int status)
{
    if (session->state == SESSION_CLOSING)
        return true;
    if (session->state == SESSION_OPENING)
        return owned_opened(session, status) && ask_for_events(session);
    return status == 200 ? ask_for_events(session) : requests_refuse(session, DOWN, status);
}

static bool answered(struct session *session, enum lane lane, int status)
{
    if (lane == DOWN)
        return streamed(session, status);
    if (!owned_posted(session, status))
        return false;
    send_message(session);
    return session->state != SESSION_FAILED;
}

static void receive(struct session *session, struct wire *wire, const char *bytes, size_t size)
{
    static const struct requests_kind KIND = {NULL, take_events, answered};
    requests_receive(session, &KIND, wire, bytes, size);
}

const struct speech EVENT_STREAM = {
    .name = "event-stream",
    .path = "/v1/daemons/bench",
    .state_bytes = sizeof(struct event_stream),
    .open = owned_open,
    .send = send_message,
    .receive = receive,
    .may_end = requests_may_end,
    .close = owned_close,
};
