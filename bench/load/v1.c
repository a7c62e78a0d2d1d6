/* `v1`: the subprotocol xmlsocket.v1. A data frame carries as many messages as may go, each with
 * its zero byte; control frames are JSON and have none. Both sides acknowledge. */
#include "clock.h"
#include "json.h"
#include "speeches.h"
#include "websocket.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char SUBPROTOCOL[] = "xmlsocket.v1";

enum {
    ACK_BYTES = 1 << 16, /* at the latest after so much an acknowledgement is due */
    MOST_CONTROL_TEXT = 1024
};

enum kind { NO_FRAME, DATA_FRAME, CONTROL_FRAME };

struct v1 {
    struct websocket websocket;
    enum kind kind;        /* of the frame that is coming in */
    uint64_t offered;      /* the highest number sent */
    uint64_t accepted;     /* the highest the server has acknowledged */
    uint64_t most_unacked; /* bytes that may be offered and not accepted */
    size_t unacked_bytes;  /* received since our last acknowledgement */
    size_t control_size;
    char control[MOST_CONTROL_TEXT + 1];
};

static void open_v1(struct session *session)
{
    websocket_open(session, SUBPROTOCOL);
}

static bool upgraded(struct session *session)
{
    (void)session; /* is open with the server's first frame */
    return true;
}

/* -- up */

/* How many more messages may go now. A single one may, however long it is. */
static uint64_t sendable(const struct session *session)
{
    const struct v1 *v1 = session->speech_state;
    uint64_t size = session->run->messages.size + 1;
    uint64_t unaccepted = v1->offered - v1->accepted, left = session->goal - v1->offered;
    uint64_t window = v1->most_unacked / size;
    uint64_t room = window > unaccepted ? window - unaccepted : unaccepted == 0;
    return room < left ? room : left;
}

static void send_v1(struct session *session)
{
    struct v1 *v1 = session->speech_state;
    const struct messages *messages = &session->run->messages;
    size_t count = (size_t)sendable(session);
    if (count == 0)
        return;
    struct open_frame frame = websocket_begin(session, TEXT, count * (messages->size + 1));
    stream_write(messages, session->client, v1->offered + 1, count, frame.payload);
    websocket_end(&frame);
    session_write(session, &session->wires[0]);
    v1->offered += count;
}

/* -- down */

static void acknowledge(struct session *session)
{
    struct v1 *v1 = session->speech_state;
    char text[40];
    int size = snprintf(text, sizeof text, "{\"ack\":%" PRIu64 "}", session->echo.received);
    websocket_send(session, TEXT, text, (size_t)size);
    v1->unacked_bytes = 0;
}

static bool take_data(struct session *session, const struct piece *piece)
{
    struct v1 *v1 = session->speech_state;
    if (!session_take(session, piece->payload.bytes, piece->payload.size))
        return false;
    v1->unacked_bytes += piece->payload.size;
    if (v1->unacked_bytes >= ACK_BYTES)
        acknowledge(session);
    if (piece->ends && session->echo.offset > 0)
        session_fail(session, "a data frame ends inside a message");
    return session->state != SESSION_FAILED;
}

static bool take_opening(struct session *session, const char *text)
{
    struct v1 *v1 = session->speech_state;
    uint64_t first = 0;
    if (strstr(text, "\"open\"") == NULL || !json_number(text, "first", &first) || first != 1
        || !json_number(text, "max_unacked_bytes", &v1->most_unacked)) {
        session_fail(session, "the first frame is %s", text);
        return false;
    }
    session_opened(session);
    return true;
}

static bool take_control(struct session *session, const char *text)
{
    struct v1 *v1 = session->speech_state;
    uint64_t accepted = v1->accepted;
    if (session->state == SESSION_OPENING)
        return take_opening(session, text);
    if (session->state == SESSION_CLOSING)
        return true;
    if (!json_number(text, "ack", &accepted) || accepted > v1->offered) {
        session_fail(session, "a control frame came: %s", text);
        return false;
    }
    v1->accepted = accepted;
    send_v1(session);
    return true;
}

static bool gather_control(struct session *session, const struct piece *piece)
{
    struct v1 *v1 = session->speech_state;
    size_t n = least(piece->payload.size, MOST_CONTROL_TEXT - v1->control_size);
    memcpy(v1->control + v1->control_size, piece->payload.bytes, n);
    v1->control_size += n;
    v1->control[v1->control_size] = '\0';
    return !piece->ends || take_control(session, v1->control);
}

static bool take_v1(struct session *session, const struct piece *piece)
{
    struct v1 *v1 = session->speech_state;
    if (v1->kind == NO_FRAME && piece->payload.size > 0) {
        /* No message here begins with a brace, so the zero byte need not be waited for. */
        v1->kind = piece->payload.bytes[0] == '{' ? CONTROL_FRAME : DATA_FRAME;
        v1->control_size = 0;
    }
    enum kind kind = v1->kind;
    if (kind == NO_FRAME && !piece->ends)
        return true; /* an empty fragment tells nothing yet */
    if (piece->ends)
        v1->kind = NO_FRAME;
    if (piece->opcode == TEXT && kind != NO_FRAME)
        return kind == DATA_FRAME ? take_data(session, piece) : gather_control(session, piece);
    session_fail(session, "a frame came that is binary or empty");
    return false;
}

static void receive_v1(struct session *session, struct wire *wire, const char *bytes, size_t size)
{
    static const struct websocket_kind KIND = {SUBPROTOCOL, upgraded, take_v1};
    (void)wire; /* there is one */
    websocket_receive(session, &KIND, bytes, size);
}

static void tick_v1(struct session *session)
{
    struct v1 *v1 = session->speech_state;
    if (session->state == SESSION_OPEN && v1->unacked_bytes > 0)
        acknowledge(session);
}

static void close_v1(struct session *session)
{
    static const char CLOSE_SESSION[] = "{\"close\":{}}";
    websocket_send(session, TEXT, CLOSE_SESSION, sizeof CLOSE_SESSION - 1);
}

const struct speech V1 = {
    .name = "v1",
    .path = "/v1/daemons/bench/websocket",
    .state_bytes = sizeof(struct v1),
    .open = open_v1,
    .send = send_v1,
    .receive = receive_v1,
    .close = close_v1,
    .tick = tick_v1,
};
