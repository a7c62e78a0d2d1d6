/* What all WebSocket kinds have in common: the opening handshake (RFC 6455, section 4.1), Ping and
 * Close, and frames out. */
#ifndef WEBSOCKET_H
#define WEBSOCKET_H

#include "frames.h"
#include "http.h"
#include "session.h"

/* The first member of the state of each such speech. */
struct websocket {
    bool is_upgraded;
    struct http_reader http;
    struct frame_reader frames;
};

/* Asks for the upgrade, with the subprotocol unless it is NULL. */
void websocket_open(struct session *session, const char *subprotocol);

/* What a kind does of itself. Both return false when the session is done, and nothing more of what
 * came may be looked at. */
struct websocket_kind {
    const char *subprotocol; /* that must be agreed; NULL if none need be */
    bool (*upgraded)(struct session *session);
    bool (*take)(
        struct session *session, const struct piece *piece); /* of a TEXT or BINARY frame */
};

void websocket_receive(
    struct session *session, const struct websocket_kind *kind, const char *bytes, size_t size);

/* Begins a frame in the scratch buffer, with room for its payload, and returns where that begins;
 * `websocket_end` masks it when it is there. */
struct open_frame {
    char *payload;
    size_t size;
    uint32_t mask;
};
struct open_frame websocket_begin(struct session *session, enum opcode opcode, size_t size);
void websocket_end(const struct open_frame *frame);

/* Sends one frame. */
void websocket_send(struct session *session, enum opcode opcode, const char *bytes, size_t size);

/* Sends a Close frame; the server's ends the session. */
void websocket_close(struct session *session);

#endif
