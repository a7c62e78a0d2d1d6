/* See load.h. */
#include "load.h"

#include "clock.h"
#include "fatal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/resource.h>

enum {
    EVENTS_AT_ONCE = 512,
    HANDSHAKES_AT_ONCE = 64, /* below the backlog of any server, which would drop what is beyond */
    TICK_MS = 500,
    STEP_MS = 100
};

/* -- one step */

static void tick(struct load *load, uint64_t now)
{
    const struct run *run = &load->run;
    if (now < load->tick_ns)
        return;
    load->tick_ns = now + TICK_MS * MILLISECOND_NS;
    if (run->speech->tick != NULL)
        for (unsigned i = 0; i < run->options->clients; i++)
            run->speech->tick(&load->sessions[i]);
}

static void take_events(struct load *load, int timeout_ms)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int n = epoll_wait(load->run.epoll, events, EVENTS_AT_ONCE, timeout_ms);
    for (int i = 0; i < n; i++) {
        if (events[i].data.ptr == NULL)
            lines_read(&load->lines);
        else
            session_event(events[i].data.ptr, events[i].events);
    }
    if (load->reads_lines && load->polls_lines)
        lines_read(&load->lines);
}

/* Waits for events, but not beyond `until_ns`, and does what they bring about. */
static void step(struct load *load, uint64_t until_ns)
{
    uint64_t now = now_ns(), left_ms = until_ns > now ? (until_ns - now) / MILLISECOND_NS + 1 : 0;
    take_events(load, left_ms < STEP_MS ? (int)left_ms : STEP_MS);
    now = now_ns();
    if (load->run.has_moved)
        load->moved_ns = now;
    load->run.has_moved = false;
    tick(load, now);
}

static void run_for(struct load *load, double seconds)
{
    uint64_t end_ns = now_ns() + (uint64_t)(seconds * (double)SECOND_NS);
    while (now_ns() < end_ns && load->run.n_in[SESSION_FAILED] < load->run.options->clients)
        step(load, end_ns);
}

/* -- waiting for the server */

/* How many sessions wait for it to answer. */
static unsigned unsettled(const struct run *run)
{
    return run->n_in[SESSION_OPENING] + run->n_in[SESSION_CLOSING] + run->n_waiting;
}

static void give_up(struct session *session)
{
    if (session->state == SESSION_OPENING || session->state == SESSION_CLOSING)
        session_fail(session, "the server was silent while the session %s",
            session->state == SESSION_OPENING ? "opened" : "closed");
    else if (session->is_waiting)
        session_fail(session, "message %" PRIu64 " did not come back", session->echo.received + 1);
}

/* A step; whoever still waits when the server was silent for too long has failed. */
static void step_in_patience(struct load *load)
{
    step(load, UINT64_MAX);
    double silent_s = (double)(now_ns() - load->moved_ns) / (double)SECOND_NS;
    if (silent_s <= load->run.options->patience_s)
        return;
    for (unsigned i = 0; i < load->run.options->clients; i++)
        give_up(&load->sessions[i]);
}

/* Does this to each session in the state `from`, some at a time, until all are through. */
static void take_all(struct load *load, enum session_state from, void (*act)(struct session *))
{
    const struct run *run = &load->run;
    struct session *next = load->sessions, *end = next + run->options->clients;
    load->run.has_moved = true;
    while (next < end || unsettled(run) > 0) {
        for (; next < end && unsettled(run) < HANDSHAKES_AT_ONCE; next++)
            if (next->state == from)
                act(next);
        if (unsettled(run) > 0)
            step_in_patience(load);
    }
}

static void open_all(struct load *load)
{
    uint64_t began_ns = now_ns();
    take_all(load, SESSION_IDLE, session_begin);
    load->measured.opened = load->run.n_in[SESSION_OPEN];
    load->measured.opened_s = (double)(now_ns() - began_ns) / (double)SECOND_NS;
    printf("opened %u %.6f\n", load->measured.opened, load->measured.opened_s);
    fflush(stdout);
}

/* -- measuring */

static double cpu_us(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
           + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void count_bytes(const struct load *load, uint64_t *in, uint64_t *out)
{
    *in = 0;
    *out = 0;
    for (unsigned i = 0; i < load->run.options->clients; i++)
        for (unsigned j = 0; j < 2; j++) {
            *in += load->sessions[i].wires[j].bytes_in;
            *out += load->sessions[i].wires[j].bytes_out;
        }
}

/* Counts while `course` runs. */
static void measure(struct load *load, void (*course)(struct load *))
{
    struct measured *measured = &load->measured;
    uint64_t in, out, began_ns = now_ns();
    double began_us = cpu_us();
    count_bytes(load, &in, &out);
    load->run.tally.is_measuring = true;
    course(load);
    load->run.tally.is_measuring = false;
    measured->seconds = (double)(now_ns() - began_ns) / (double)SECOND_NS;
    measured->cpu_us = cpu_us() - began_us;
    count_bytes(load, &measured->bytes_in, &measured->bytes_out);
    measured->bytes_in -= in;
    measured->bytes_out -= out;
}

/* False when there is none. */
static bool wait_for_line(struct load *load)
{
    char line[LONGEST_LINE + 1];
    while (!lines_next(&load->lines, line)) {
        if (load->lines.is_over)
            return false;
        step(load, UINT64_MAX);
    }
    return true;
}

static void listen_until_end(struct load *load)
{
    while (!load->lines.is_over)
        step(load, UINT64_MAX);
}

/* -- messages */

static void send_for_seconds(struct load *load)
{
    run_for(load, load->run.options->seconds);
}

static void begin_traffic(struct load *load)
{
    load->run.may_send = true;
    for (unsigned i = 0; i < load->run.options->clients; i++)
        session_go_on(&load->sessions[i]);
}

/* Waits for the echoes that are still on their way: one that does not come was lost. */
static void end_traffic(struct load *load)
{
    load->run.may_send = false;
    load->run.has_moved = true;
    while (load->run.n_waiting > 0)
        step_in_patience(load);
}

static void run_traffic(struct load *load)
{
    load->reads_lines = false;
    lines_unwatch(load->run.epoll);
    begin_traffic(load);
    run_for(load, load->run.options->warm_up_s);
    measure(load, send_for_seconds);
    end_traffic(load);
}

static void run_messages(struct load *load)
{
    const struct options *options = load->run.options;
    open_all(load);
    if (options->holds && !wait_for_line(load))
        return;
    if (options->only_listens)
        measure(load, listen_until_end);
    else
        run_traffic(load);
}

/* -- opens */

/* A lane's session is closed once its message has come back, and the next one is opened. */
static void turn_lane(struct load *load, struct session *session)
{
    if (session->state == SESSION_OPEN && session->goal > 0 && !session->is_waiting)
        session_close(session);
    if (session->state != SESSION_OVER)
        return;
    tally_open(&load->run.tally, session->began_ns, now_ns());
    if (load->run.tally.is_measuring)
        session_begin(session);
}

static void turn_lanes(struct load *load)
{
    for (unsigned i = 0; i < load->run.options->clients; i++)
        turn_lane(load, &load->sessions[i]);
}

static void open_for_seconds(struct load *load)
{
    const struct options *options = load->run.options;
    uint64_t end_ns = now_ns() + (uint64_t)(options->opens_s * (double)SECOND_NS);
    for (unsigned i = 0; i < options->clients; i++)
        session_begin(&load->sessions[i]);
    while (now_ns() < end_ns && unsettled(&load->run) > 0) {
        step(load, end_ns);
        turn_lanes(load);
    }
}

static void run_opens(struct load *load)
{
    load->run.may_send = true;
    measure(load, open_for_seconds);
    load->run.has_moved = true;
    while (unsettled(&load->run) > 0) {
        step_in_patience(load);
        turn_lanes(load);
    }
}

/* -- the whole */

struct load *load_new(const struct options *options)
{
    struct load *load = calloc(1, sizeof *load);
    struct session *sessions = calloc(options->clients, sizeof *sessions);
    if (load == NULL || sessions == NULL)
        fatal("no memory for %u clients", options->clients);
    struct run *run = &load->run;
    load->sessions = sessions;
    run->options = options;
    run->speech = speech_named(options->speak);
    run->address = address_of(options->to);
    run->messages = messages_of(options->size);
    run->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (getrandom(&run->mask_state, sizeof run->mask_state, 0) < 0)
        fatal("no random numbers");
    run->mask_state |= 1; /* anything but 0 */
    for (unsigned i = 0; i < options->clients; i++)
        session_init(&sessions[i], run, i);
    load->reads_lines = options->holds || options->only_listens;
    load->polls_lines = load->reads_lines && !lines_watch(run->epoll);
    return load;
}

void load_run(struct load *load)
{
    if (load->run.options->opens_s > 0)
        run_opens(load);
    else
        run_messages(load);
}

void load_end(struct load *load)
{
    struct run *run = &load->run;
    take_all(load, SESSION_OPEN, session_close);
    for (unsigned i = 0; i < run->options->clients; i++)
        session_free(&load->sessions[i]);
    messages_free(&run->messages);
    free(run->scratch.bytes);
    free(run->heard.counts);
    free(load->sessions);
    free(load);
}
