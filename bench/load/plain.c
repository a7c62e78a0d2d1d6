/* WebSockets that know nothing of numbers.
 *
 * `plain`: a text frame is a message, without a zero byte. `plain-binary` and `raw`: frames are
 * pieces of the stream, cut anywhere; a message is sent as a frame of its own, which is what a
 * client does that sends messages one by one. */
#include "speeches.h"
#include "websocket.h"

static void open_plain(struct session *session)
{
    websocket_open(session, NULL);
}

static bool upgraded(struct session *session)
{
    session_opened(session);
    return true;
}

/* A frame for each message of the batch, all in one write; `zero` is 1 if zero bytes go along. */
static void send_frames(struct session *session, enum opcode opcode, size_t zero)
{
    const struct messages *messages = &session->run->messages;
    size_t count = session->run->options->batch;
    struct place place = place_of(session->client, session->goal - count + 1);
    for (size_t i = 0; i < count; i++) {
        struct open_frame frame = websocket_begin(session, opcode, messages->size + zero);
        char *end = message_write(messages, &place, frame.payload);
        if (zero > 0)
            *end = '\0';
        websocket_end(&frame);
        place_advance(&place);
    }
    session_write(session, &session->wires[0]);
}

static void send_plain(struct session *session)
{
    send_frames(session, TEXT, 0);
}

static void send_binary(struct session *session)
{
    send_frames(session, BINARY, 1);
}

static bool fail_type(struct session *session, enum opcode opcode)
{
    session_fail(session, "a %s frame came", opcode == TEXT ? "text" : "binary");
    return false;
}

static bool take_plain(struct session *session, const struct piece *piece)
{
    if (piece->opcode != TEXT)
        return fail_type(session, piece->opcode);
    return session_take(session, piece->payload.bytes, piece->payload.size)
           && (!piece->ends || session_take(session, "", 1)); /* the zero byte that was left out */
}

static bool take_binary(struct session *session, const struct piece *piece)
{
    if (piece->opcode != BINARY)
        return fail_type(session, piece->opcode);
    return session_take(session, piece->payload.bytes, piece->payload.size);
}

static const struct websocket_kind OF_MESSAGES = {NULL, upgraded, take_plain};
static const struct websocket_kind OF_PIECES = {NULL, upgraded, take_binary};

static void receive_plain(
    struct session *session, struct wire *wire, const char *bytes, size_t size)
{
    (void)wire; /* there is one */
    websocket_receive(session, &OF_MESSAGES, bytes, size);
}

static void receive_binary(
    struct session *session, struct wire *wire, const char *bytes, size_t size)
{
    (void)wire;
    websocket_receive(session, &OF_PIECES, bytes, size);
}

const struct speech PLAIN = {
    .name = "plain",
    .path = "/v1/daemons/bench/websocket",
    .state_bytes = sizeof(struct websocket),
    .open = open_plain,
    .send = send_plain,
    .receive = receive_plain,
    .close = websocket_close,
};

const struct speech PLAIN_BINARY = {
    .name = "plain-binary",
    .path = "/v1/daemons/bench/websocket",
    .state_bytes = sizeof(struct websocket),
    .open = open_plain,
    .send = send_binary,
    .receive = receive_binary,
    .close = websocket_close,
};

const struct speech RAW = {
    .name = "raw",
    .path = "/v1/daemons/bench/raw",
    .state_bytes = sizeof(struct websocket),
    .open = open_plain,
    .send = send_binary,
    .receive = receive_binary,
    .close = websocket_close,
};
