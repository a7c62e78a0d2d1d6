/* See requests.h. */
#include "requests.h"

#include <string.h>

void requests_open(struct session *session)
{
    struct requests *requests = session->speech_state;
    http_add_header(
        requests->headers, sizeof requests->headers, "Origin", session->run->options->origin);
}

char *requests_begin(
    struct session *session, enum lane lane, const char *method, const char *path, size_t size)
{
    struct requests *requests = session->speech_state;
    struct buffer *scratch = &session->run->scratch;
    if (!session_connect(session, &session->wires[lane]))
        return NULL;
    struct http_request request = {
        method, path, session->run->options->to, requests->headers, size};
    http_ask(scratch, &request);
    char *body = buffer_room(scratch, size);
    buffer_grow(scratch, size);
    requests->is_asking[lane] = true;
    return body;
}

void requests_send(struct session *session, enum lane lane)
{
    session_write(session, &session->wires[lane]);
}

void requests_ask(struct session *session, enum lane lane, const char *method, const char *path)
{
    if (requests_begin(session, lane, method, path, 0) != NULL)
        requests_send(session, lane);
}

bool requests_may_end(struct session *session, struct wire *wire)
{
    const struct requests *requests = session->speech_state;
    return !requests->is_asking[wire - session->wires];
}

bool requests_refuse(struct session *session, enum lane lane, int status)
{
    const struct requests *requests = session->speech_state;
    session_fail(session, "%s: the answer is %d %s", lane == DOWN ? "receiving" : "sending", status,
        requests->texts[lane]);
    return false;
}

static void gather(struct requests *requests, enum lane lane, struct span piece)
{
    size_t *size = &requests->text_size[lane];
    size_t n = least(piece.size, MOST_TEXT_BYTES - *size);
    memcpy(requests->texts[lane] + *size, piece.bytes, n);
    *size += n;
    requests->texts[lane][*size] = '\0';
}

static bool take_body(
    struct session *session, const struct requests_kind *kind, enum lane lane, struct span piece)
{
    struct requests *requests = session->speech_state;
    if (requests->readers[lane].status == 200)
        return kind->body(session, lane, piece);
    gather(requests, lane, piece);
    return true;
}

static bool take_head(struct session *session, const struct requests_kind *kind, enum lane lane)
{
    struct requests *requests = session->speech_state;
    if (!requests->is_asking[lane]) {
        session_fail(session, "an answer came that nobody asked for");
        return false;
    }
    requests->text_size[lane] = 0;
    requests->texts[lane][0] = '\0';
    bool is_200 = requests->readers[lane].status == 200;
    return !is_200 || kind->headed == NULL || kind->headed(session, lane);
}

static bool take(struct session *session, const struct requests_kind *kind, enum lane lane,
    const char **at, const char *end)
{
    struct requests *requests = session->speech_state;
    struct http_reader *reader = &requests->readers[lane];
    struct span piece;
    switch (http_next(reader, at, end, &piece)) {
    case HTTP_MORE: return false;
    case HTTP_HEADED: return take_head(session, kind, lane);
    case HTTP_BODY: return take_body(session, kind, lane, piece);
    case HTTP_END:
        requests->is_asking[lane] = false;
        return kind->answered(session, lane, reader->status);
    case HTTP_BAD: session_fail(session, "a bad answer: %s", reader->fault);
    }
    return false;
}

void requests_receive(struct session *session, const struct requests_kind *kind, struct wire *wire,
    const char *bytes, size_t size)
{
    enum lane lane = wire == &session->wires[DOWN] ? DOWN : UP;
    const char *end = bytes + size;
    while (take(session, kind, lane, &bytes, end))
        continue;
}
