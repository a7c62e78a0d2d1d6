/* See websocket.h. */
#include "websocket.h"

#include <stdio.h>
#include <string.h>

/* The key is to tell a WebSocket server from one that repeats what it hears. So it may be the same
 * each time, and then so is the answer: this is the example of RFC 6455, section 1.3. */
static const char KEY[] = "dGhlIHNhbXBsZSBub25jZQ==";
static const char ACCEPT[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

enum { MOST_HEADER_BYTES = 1024 };

/* Section 7.4.1; the second is what a Close frame without a code means. */
enum { NORMAL_CLOSURE = 1000, NO_STATUS = 1005 };

void websocket_open(struct session *session, const char *subprotocol)
{
    const struct options *options = session->run->options;
    char headers[MOST_HEADER_BYTES] = "";
    http_add_header(headers, sizeof headers, "Connection", "Upgrade");
    http_add_header(headers, sizeof headers, "Upgrade", "websocket");
    http_add_header(headers, sizeof headers, "Sec-WebSocket-Version", "13");
    http_add_header(headers, sizeof headers, "Sec-WebSocket-Key", KEY);
    http_add_header(headers, sizeof headers, "Sec-WebSocket-Protocol",
        options->subprotocol != NULL ? options->subprotocol : subprotocol);
    http_add_header(headers, sizeof headers, "Origin", options->origin);
    struct http_request request = {"GET", session_path(session), options->to, headers, 0};
    http_ask(&session->run->scratch, &request);
    session_write(session, &session->wires[0]);
}

/* -- out */

struct open_frame websocket_begin(struct session *session, enum opcode opcode, size_t size)
{
    struct run *run = session->run;
    struct open_frame frame = {.size = size, .mask = mask_next(&run->mask_state)};
    char *room = buffer_room(&run->scratch, MOST_FRAME_HEAD_BYTES + size);
    frame.payload = frame_head(room, opcode, size, frame.mask);
    buffer_grow(&run->scratch, (size_t)(frame.payload - room) + size);
    return frame;
}

void websocket_end(const struct open_frame *frame)
{
    frame_mask(frame->payload, frame->size, frame->mask);
}

void websocket_send(struct session *session, enum opcode opcode, const char *bytes, size_t size)
{
    struct open_frame frame = websocket_begin(session, opcode, size);
    memcpy(frame.payload, bytes, size);
    websocket_end(&frame);
    session_write(session, &session->wires[0]);
}

void websocket_close(struct session *session)
{
    const char code[] = {(char)(NORMAL_CLOSURE >> 8), (char)(NORMAL_CLOSURE & 0xFF)};
    websocket_send(session, CLOSE, code, sizeof code);
}

/* -- in */

static bool refuse(struct session *session, int status, const char *at, const char *end)
{
    session_fail(session, "the handshake was answered with %d %.*s", status, (int)(end - at), at);
    return false;
}

/* Whether what was agreed is what the kind needs. */
static bool check_handshake(struct session *session, const struct websocket_kind *kind)
{
    const struct http_reader *http = &((struct websocket *)session->speech_state)->http;
    char value[64];
    http_header(http, "Sec-WebSocket-Accept", value, sizeof value);
    if (strcmp(value, ACCEPT) != 0) {
        session_fail(session, "the handshake has a wrong Sec-WebSocket-Accept: %s", value);
        return false;
    }
    http_header(http, "Sec-WebSocket-Protocol", value, sizeof value);
    if (kind->subprotocol != NULL && strcmp(value, kind->subprotocol) != 0) {
        session_fail(session, "the subprotocol agreed is \"%s\"", value);
        return false;
    }
    return true;
}

/* False when the session is done; true, too, while there is no whole answer yet. */
static bool take_handshake(
    struct session *session, const struct websocket_kind *kind, const char **at, const char *end)
{
    struct websocket *websocket = session->speech_state;
    struct http_reader *http = &websocket->http;
    struct span body;
    enum http_event event = http_next(http, at, end, &body);
    if (event == HTTP_BAD) {
        session_fail(session, "the handshake: %s", http->fault);
        return false;
    }
    if (event == HTTP_MORE)
        return true;
    if (http->status != 101)
        return refuse(session, http->status, *at, end);
    http_next(http, at, end, &body); /* its end */
    websocket->is_upgraded = true;
    return check_handshake(session, kind) && kind->upgraded(session);
}

static bool take_close(struct session *session, struct span payload)
{
    const unsigned char *bytes = (const unsigned char *)payload.bytes;
    unsigned code = payload.size < 2 ? NO_STATUS : (unsigned)bytes[0] << 8 | bytes[1];
    size_t text = least(payload.size, 2);
    if (session->state == SESSION_CLOSING)
        session_over(session);
    else
        session_fail(session, "closed by the server with %u %.*s", code, (int)(payload.size - text),
            payload.bytes + text);
    return false;
}

static bool take_piece(
    struct session *session, const struct websocket_kind *kind, const struct piece *piece)
{
    switch (piece->opcode) {
    case PING:
        websocket_send(session, PONG, piece->payload.bytes, piece->payload.size);
        return true;
    case PONG: return true;
    case CLOSE: return take_close(session, piece->payload);
    default: return kind->take(session, piece);
    }
}

static bool take_frame(
    struct session *session, const struct websocket_kind *kind, const char **at, const char *end)
{
    struct frame_reader *frames = &((struct websocket *)session->speech_state)->frames;
    struct piece piece;
    switch (frame_next(frames, at, end, &piece)) {
    case FRAME_PIECE: return take_piece(session, kind, &piece);
    case FRAME_MORE: return true;
    default: session_fail(session, "a bad frame: %s", frames->fault); return false;
    }
}

void websocket_receive(
    struct session *session, const struct websocket_kind *kind, const char *bytes, size_t size)
{
    const struct websocket *websocket = session->speech_state;
    const char *end = bytes + size;
    bool goes_on = true;
    while (goes_on && bytes < end)
        goes_on = websocket->is_upgraded ? take_frame(session, kind, &bytes, end)
                                         : take_handshake(session, kind, &bytes, end);
}
