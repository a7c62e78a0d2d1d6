/* `engine.io`: Engine.IO, protocol version 4, by polling alone
 * (github.com/socketio/engine.io-protocol). The body of an answer or a request is one packet or
 * several, each a digit for its type and its data, separated by 0x1e. A packet of the type 4 is one
 * message, without a zero byte. */
#include "json.h"
#include "requests.h"
#include "speeches.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char SEPARATOR = '\x1e';

enum { MOST_SID_BYTES = 64, MOST_PACKET_TEXT = 256 };

enum packet {
    NO_PACKET,
    MESSAGE = '4',
    OPEN = '0',
    CLOSE = '1',
    PING = '2',
    PONG = '3',
    NOOP = '6'
};

struct engine_io {
    struct requests requests;
    enum packet packet; /* that is coming in */
    bool owes_pong;
    bool has_closed;       /* the packet that closes is on its way */
    uint64_t offered;      /* the highest number sent */
    uint64_t most_payload; /* bytes of a body */
    char sid[MOST_SID_BYTES];
    size_t text_size;
    char text[MOST_PACKET_TEXT + 1]; /* of a packet that is no message */
};

static void path_of(const struct session *session, char path[static MOST_PATH_BYTES])
{
    const struct engine_io *engine = session->speech_state;
    snprintf(path, MOST_PATH_BYTES, "%s?EIO=4&transport=polling%s%s", session_path(session),
        engine->sid[0] != '\0' ? "&sid=" : "", engine->sid);
}

static void poll(struct session *session)
{
    char path[MOST_PATH_BYTES];
    path_of(session, path);
    requests_ask(session, DOWN, "GET", path);
}

static void open_engine(struct session *session)
{
    requests_open(session);
    poll(session);
}

/* -- up */

/* Begins a POST of so many bytes on UP; NULL when the session has failed. */
static char *begin_post(struct session *session, size_t size)
{
    char path[MOST_PATH_BYTES];
    path_of(session, path);
    return requests_begin(session, UP, "POST", path, size);
}

static void post_type(struct session *session, enum packet type)
{
    char *body = begin_post(session, 1);
    if (body == NULL)
        return;
    *body = (char)type;
    requests_send(session, UP);
}

/* How many messages fit into one body; each has its type, and a separator or the end behind it. */
static size_t sendable(const struct session *session)
{
    const struct engine_io *engine = session->speech_state;
    size_t most = (size_t)(engine->most_payload + 1) / (session->run->messages.size + 2);
    return least(most, (size_t)(session->goal - engine->offered));
}

static void post_messages(struct session *session, size_t count)
{
    struct engine_io *engine = session->speech_state;
    const struct messages *messages = &session->run->messages;
    struct place place = place_of(session->client, engine->offered + 1);
    char *to = begin_post(session, count * (messages->size + 2) - 1);
    if (to == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *to++ = SEPARATOR;
        *to++ = MESSAGE;
        to = message_write(messages, &place, to);
        place_advance(&place);
    }
    engine->offered += count;
    requests_send(session, UP);
}

/* Posts what is next, unless a POST is on its way. */
static void send_next(struct session *session)
{
    struct engine_io *engine = session->speech_state;
    if (engine->requests.is_asking[UP])
        return;
    if (engine->owes_pong) {
        engine->owes_pong = false;
        post_type(session, PONG);
    } else if (session->state == SESSION_CLOSING) {
        engine->has_closed = true;
        post_type(session, CLOSE);
    } else if (engine->offered < session->goal) {
        size_t count = sendable(session);
        if (count > 0)
            post_messages(session, count);
        else
            session_fail(session, "a message is longer than %" PRIu64 " bytes, the server's bound",
                engine->most_payload);
    }
}

static bool posted(struct session *session, int status)
{
    const struct engine_io *engine = session->speech_state;
    if (engine->has_closed) {
        session_over(session);
        return false;
    }
    if (status != 200)
        return requests_refuse(session, UP, status);
    send_next(session);
    return session->state != SESSION_FAILED;
}

/* -- down */

static bool take_opening(struct session *session)
{
    struct engine_io *engine = session->speech_state;
    engine->most_payload = 1000000; /* the server's default, which it may leave out */
    json_number(engine->text, "maxPayload", &engine->most_payload);
    if (!json_string(engine->text, "sid", engine->sid, sizeof engine->sid)) {
        session_fail(session, "the opening has no sid: %s", engine->text);
        return false;
    }
    session_opened(session);
    return true;
}

static bool end_packet(struct session *session)
{
    struct engine_io *engine = session->speech_state;
    enum packet packet = engine->packet;
    engine->packet = NO_PACKET;
    switch (packet) {
    case MESSAGE: return session_take(session, "", 1); /* the zero byte that was left out */
    case OPEN: return take_opening(session);
    case PING:
        engine->owes_pong = true;
        send_next(session);
        return session->state != SESSION_FAILED;
    case NO_PACKET:
    case NOOP: return true;
    default:
        if (session->state == SESSION_CLOSING)
            return true;
        session_fail(session, "a packet came of type %c: %s", packet, engine->text);
        return false;
    }
}

static bool take_data(struct session *session, struct span data)
{
    struct engine_io *engine = session->speech_state;
    if (engine->packet == MESSAGE)
        return session_take(session, data.bytes, data.size);
    size_t n = least(data.size, MOST_PACKET_TEXT - engine->text_size);
    memcpy(engine->text + engine->text_size, data.bytes, n);
    engine->text_size += n;
    engine->text[engine->text_size] = '\0';
    return true;
}

static bool take_packets(struct session *session, enum lane lane, struct span body)
{
    struct engine_io *engine = session->speech_state;
    const char *at = body.bytes, *end = at + body.size;
    bool goes_on = lane == DOWN; /* the answer to a POST is "ok" */
    while (goes_on && at < end) {
        if (engine->packet == NO_PACKET) {
            engine->packet = (unsigned char)*at++;
            engine->text_size = 0;
        }
        const char *separator = memchr(at, SEPARATOR, (size_t)(end - at));
        const char *stop = separator != NULL ? separator : end;
        goes_on = take_data(session, (struct span) {at, (size_t)(stop - at)})
                  && (separator == NULL || end_packet(session));
        at = separator != NULL ? separator + 1 : end;
    }
    return session->state != SESSION_FAILED;
}

static bool polled(struct session *session, int status)
{
    if (session->state == SESSION_CLOSING)
        return true;
    if (status != 200)
        return requests_refuse(session, DOWN, status);
    if (!end_packet(session))
        return false;
    poll(session);
    return session->state != SESSION_FAILED;
}

static bool answered(struct session *session, enum lane lane, int status)
{
    return lane == DOWN ? polled(session, status) : posted(session, status);
}

static void receive(struct session *session, struct wire *wire, const char *bytes, size_t size)
{
    static const struct requests_kind KIND = {NULL, take_packets, answered};
    requests_receive(session, &KIND, wire, bytes, size);
}

const struct speech ENGINE_IO = {
    .name = "engine.io",
    .path = "/engine.io/",
    .state_bytes = sizeof(struct engine_io),
    .open = open_engine,
    .send = send_next,
    .receive = receive,
    .may_end = requests_may_end,
    .close = send_next,
};
