/* `long-poll`: one connection waits for messages by GET, another sends them by POST.
 * `long-poll-combined`: a POST does both, so that a round trip is one request; only who never sends
 * waits by GET. */
#include "owned.h"
#include "speeches.h"

/* A client that may send at any time leaves no GET waiting, since its POST would displace it. It
 * shows that it is alive, long before the bridge's `resume_s`. */
enum { TICKS_BETWEEN_SIGNS = 20 };

struct combined {
    struct owned owned;
    unsigned quiet_ticks;
};

static bool take_messages(struct session *session, enum lane lane, struct span piece)
{
    (void)lane;
    return session_take(session, piece.bytes, piece.size);
}

/* DOWN: asks again, whether messages came or not. */
static bool polled(struct session *session, int status)
{
    if (session->state == SESSION_OPENING && !owned_opened(session, status))
        return false;
    if (session->state == SESSION_OPEN && status != 201 && status != 200 && status != 204)
        return requests_refuse(session, DOWN, status);
    if (session->state == SESSION_OPEN)
        owned_poll(session, DOWN, true);
    return session->state != SESSION_FAILED;
}

/* -- two requests a round trip */

static void send_apart(struct session *session)
{
    owned_post(session, false);
}

static bool answered_apart(struct session *session, enum lane lane, int status)
{
    if (lane == DOWN)
        return polled(session, status);
    if (!owned_posted(session, status))
        return false;
    send_apart(session);
    return session->state != SESSION_FAILED;
}

static void receive_apart(
    struct session *session, struct wire *wire, const char *bytes, size_t size)
{
    static const struct requests_kind KIND = {owned_continues, take_messages, answered_apart};
    requests_receive(session, &KIND, wire, bytes, size);
}

/* -- one */

static void send_combined(struct session *session)
{
    owned_post(session, true);
}

/* UP: sends what was not accepted, else receives what has not come back. */
static bool exchanged(struct session *session, int status)
{
    if (!owned_posted(session, status))
        return false;
    const struct owned *owned = session->speech_state;
    if (session->state == SESSION_OPEN && owned->accepted < session->goal)
        send_combined(session);
    else if (session->state == SESSION_OPEN && session->echo.received < session->goal)
        owned_poll(session, UP, true);
    return session->state != SESSION_FAILED;
}

static bool answered_combined(struct session *session, enum lane lane, int status)
{
    if (lane == UP)
        return exchanged(session, status);
    if (session->sends && session->state == SESSION_OPENING)
        return owned_opened(session, status);
    return polled(session, status);
}

static void receive_combined(
    struct session *session, struct wire *wire, const char *bytes, size_t size)
{
    static const struct requests_kind KIND = {owned_continues, take_messages, answered_combined};
    requests_receive(session, &KIND, wire, bytes, size);
}

static void tick_combined(struct session *session)
{
    struct combined *combined = session->speech_state;
    bool is_asking = combined->owned.requests.is_asking[UP];
    if (session->state != SESSION_OPEN || !session->sends || is_asking) {
        combined->quiet_ticks = 0;
    } else if (++combined->quiet_ticks == TICKS_BETWEEN_SIGNS) {
        combined->quiet_ticks = 0;
        owned_poll(session, UP, false);
    }
}

const struct speech LONG_POLL = {
    .name = "long-poll",
    .path = "/v1/daemons/bench",
    .state_bytes = sizeof(struct owned),
    .open = owned_open,
    .send = send_apart,
    .receive = receive_apart,
    .may_end = requests_may_end,
    .close = owned_close,
};

const struct speech LONG_POLL_COMBINED = {
    .name = "long-poll-combined",
    .path = "/v1/daemons/bench",
    .state_bytes = sizeof(struct combined),
    .open = owned_open,
    .send = send_combined,
    .receive = receive_combined,
    .may_end = requests_may_end,
    .close = owned_close,
    .tick = tick_combined,
};
