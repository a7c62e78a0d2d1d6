/* See owned.h. */
#include "owned.h"

#include "json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WAIT_S = 25,               /* the most that the bridge allows by default */
    MOST_BODY_BYTES = 4 << 20, /* half of what it takes by default */
    SLOW_DAEMON = 503
};

void owned_open(struct session *session)
{
    char path[MOST_PATH_BYTES];
    requests_open(session);
    snprintf(path, sizeof path, "%s/sessions", session_path(session));
    requests_ask(session, DOWN, "POST", path);
}

bool owned_opened(struct session *session, int status)
{
    struct owned *owned = session->speech_state;
    struct requests *requests = &owned->requests;
    char key[MOST_PATH_BYTES / 4], bearer[MOST_PATH_BYTES / 2];
    if (status != 201 || !json_string(requests->texts[DOWN], "key", key, sizeof key))
        return requests_refuse(session, DOWN, status);
    http_header(&requests->readers[DOWN], "Location", owned->path, sizeof owned->path);
    snprintf(bearer, sizeof bearer, "Bearer %s", key);
    http_add_header(requests->headers, sizeof requests->headers, "Authorization", bearer);
    session_opened(session);
    return true;
}

/* -- up */

static size_t sendable(const struct session *session)
{
    const struct owned *owned = session->speech_state;
    size_t left = (size_t)(session->goal - owned->accepted);
    size_t most = MOST_BODY_BYTES / (session->run->messages.size + 1);
    return least(left, most > 0 ? most : 1);
}

void owned_post(struct session *session, bool receives)
{
    struct owned *owned = session->speech_state;
    const struct messages *messages = &session->run->messages;
    size_t count = sendable(session);
    char path[MOST_PATH_BYTES], wait[24] = "";
    if (owned->requests.is_asking[UP] || count == 0)
        return;
    if (receives)
        snprintf(wait, sizeof wait, "&wait=%d", WAIT_S);
    snprintf(path, sizeof path, "%s/messages?first=%" PRIu64 "&ack=%" PRIu64 "%s", owned->path,
        owned->accepted + 1, session->echo.received, wait);
    char *body = requests_begin(session, UP, "POST", path, count * (messages->size + 1));
    if (body == NULL)
        return;
    stream_write(messages, session->client, owned->accepted + 1, count, body);
    requests_send(session, UP);
}

/* False when there is none, or none that can be. */
static bool take_ack(struct session *session)
{
    struct owned *owned = session->speech_state;
    char text[24];
    http_header(&owned->requests.readers[UP], "XMLSocket-Ack", text, sizeof text);
    uint64_t before = owned->accepted;
    owned->accepted = strtoull(text, NULL, 10);
    if (text[0] != '\0' && owned->accepted >= before && owned->accepted <= session->goal)
        return true;
    session_fail(session, "XMLSocket-Ack is \"%s\"", text);
    return false;
}

bool owned_posted(struct session *session, int status)
{
    struct owned *owned = session->speech_state;
    if (owned->is_deleting && status == 204) {
        session_over(session);
        return false;
    }
    if (owned->is_deleting || (status != 200 && status != 204 && status != SLOW_DAEMON))
        return requests_refuse(session, UP, status);
    if (!take_ack(session))
        return false;
    if (session->state == SESSION_CLOSING)
        owned_close(session);
    return session->state != SESSION_FAILED;
}

/* -- down */

void owned_poll(struct session *session, enum lane lane, bool waits)
{
    const struct owned *owned = session->speech_state;
    char path[MOST_PATH_BYTES];
    snprintf(path, sizeof path, "%s/messages?ack=%" PRIu64 "&wait=%d", owned->path,
        session->echo.received, waits ? WAIT_S : 0);
    requests_ask(session, lane, "GET", path);
}

bool owned_continues(struct session *session, enum lane lane)
{
    const struct owned *owned = session->speech_state;
    char first[24];
    http_header(&owned->requests.readers[lane], "XMLSocket-First", first, sizeof first);
    if (strtoull(first, NULL, 10) == session->echo.received + 1)
        return true;
    session_fail(session, "XMLSocket-First is \"%s\" where %" PRIu64 " is the next message", first,
        session->echo.received + 1);
    return false;
}

void owned_close(struct session *session)
{
    struct owned *owned = session->speech_state;
    if (owned->requests.is_asking[UP])
        return; /* its answer comes first, and then this again */
    owned->is_deleting = true;
    requests_ask(session, UP, "DELETE", owned->path);
}
