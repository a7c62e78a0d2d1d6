/* `tcp`: the daemon's own language, a stream of messages, each with its zero byte. */
#include "session.h"
#include "speeches.h"

static void send_stream(struct session *session)
{
    struct run *run = session->run;
    size_t count = run->options->batch, size = count * (run->messages.size + 1);
    stream_write(&run->messages, session->client, session->goal - count + 1, count,
        buffer_room(&run->scratch, size));
    buffer_grow(&run->scratch, size);
    session_write(session, &session->wires[0]);
}

static void receive_stream(
    struct session *session, struct wire *wire, const char *bytes, size_t size)
{
    (void)wire; /* there is one */
    session_take(session, bytes, size);
}

const struct speech TCP = {
    .name = "tcp",
    .connected = session_opened,
    .send = send_stream,
    .receive = receive_stream,
    .close = session_over,
};
