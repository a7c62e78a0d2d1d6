/* See http.h. */
#define _GNU_SOURCE /* memmem */
#include "http.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_LINE_BYTES = 4096 };

static enum http_event bad(struct http_reader *reader, const char *fault)
{
    reader->fault = fault;
    return HTTP_BAD;
}

bool http_header(const struct http_reader *reader, const char *name, char *value, size_t capacity)
{
    size_t size = strlen(name);
    value[0] = '\0';
    for (const char *line = strchr(reader->head, '\n'); line != NULL; line = strchr(line, '\n')) {
        line++;
        if (strncasecmp(line, name, size) == 0 && line[size] == ':') {
            const char *begin = line + size + 1 + strspn(line + size + 1, " \t");
            snprintf(value, capacity, "%.*s", (int)strcspn(begin, "\r\n"), begin);
            return true;
        }
    }
    return false;
}

static bool has_no_body(int status)
{
    return status < 200 || status == 204 || status == 304;
}

static enum http_event begin_answer(struct http_reader *reader)
{
    char value[64];
    if (sscanf(reader->head, "HTTP/1.%*1[01] %3d", &reader->status) != 1)
        return bad(reader, "that is not HTTP/1.1");
    reader->left = 0;
    reader->part = AT_END;
    if (has_no_body(reader->status))
        return HTTP_HEADED;
    if (http_header(reader, "Transfer-Encoding", value, sizeof value)) {
        reader->line_size = 0;
        reader->part = IN_CHUNK_SIZE;
    } else if (http_header(reader, "Content-Length", value, sizeof value)) {
        reader->left = strtoull(value, NULL, 10);
        reader->part = reader->left > 0 ? IN_BODY : AT_END;
    } else {
        return bad(reader, "a body without Content-Length, which would end with the connection");
    }
    return HTTP_HEADED;
}

static enum http_event take_head(struct http_reader *reader, const char **at, const char *end)
{
    size_t had = reader->head_size;
    size_t n = least((size_t)(end - *at), MOST_HTTP_HEAD_BYTES - had);
    memcpy(reader->head + had, *at, n);
    size_t from = had > 3 ? had - 3 : 0; /* the end may lie across two reads */
    const char *found = memmem(reader->head + from, had + n - from, "\r\n\r\n", 4);
    if (found == NULL && had + n == MOST_HTTP_HEAD_BYTES)
        return bad(reader, "a head of more than 2048 bytes");
    reader->head_size = found == NULL ? had + n : (size_t)(found + 4 - reader->head);
    *at += reader->head_size - had;
    reader->head[reader->head_size] = '\0';
    return found == NULL ? HTTP_MORE : begin_answer(reader);
}

static enum http_event take_body(
    struct http_reader *reader, const char **at, const char *end, struct span *body)
{
    *body = (struct span) {*at, least((size_t)(end - *at), reader->left)};
    *at += body->size;
    reader->left -= body->size;
    if (reader->left == 0)
        reader->part = reader->part == IN_BODY ? AT_END : IN_CHUNK_END;
    return body->size > 0 ? HTTP_BODY : HTTP_MORE;
}

/* One more digit of the line that says how long the next chunk is. No server here sends the
 * extensions that might follow. */
static bool take_chunk_size(struct http_reader *reader, char c)
{
    if (!isxdigit((unsigned char)c))
        return false;
    unsigned digit = c <= '9' ? (unsigned)c - '0' : ((unsigned)c | 0x20) - 'a' + 10;
    reader->left = reader->left * 16 + digit;
    return true;
}

/* The line is at its end. */
static void end_line(struct http_reader *reader)
{
    bool is_empty = reader->line_size == 0;
    if (reader->part == IN_CHUNK_SIZE)
        reader->part = reader->left > 0 ? IN_CHUNK : IN_TRAILER;
    else if (reader->part == IN_CHUNK_END)
        reader->part = IN_CHUNK_SIZE;
    else if (is_empty)
        reader->part = AT_END;
    reader->line_size = 0;
}

static enum http_event take_line(struct http_reader *reader, const char **at, const char *end)
{
    while (*at < end) {
        char c = *(*at)++;
        if (c == '\n') {
            end_line(reader);
            return HTTP_MORE;
        }
        if (c == '\r')
            continue;
        if (++reader->line_size > MOST_LINE_BYTES)
            return bad(reader, "a line without an end between two chunks");
        if (reader->part == IN_CHUNK_SIZE && !take_chunk_size(reader, c))
            return bad(reader, "a chunk without a size");
    }
    return HTTP_MORE;
}

static enum http_event end_answer(struct http_reader *reader)
{
    reader->part = IN_HEAD;
    reader->head_size = 0;
    return HTTP_END;
}

static enum http_event take(
    struct http_reader *reader, const char **at, const char *end, struct span *body)
{
    switch (reader->part) {
    case IN_HEAD: return take_head(reader, at, end);
    case IN_BODY:
    case IN_CHUNK: return take_body(reader, at, end, body);
    case IN_CHUNK_SIZE:
    case IN_CHUNK_END:
    case IN_TRAILER: return take_line(reader, at, end);
    case AT_END: return end_answer(reader);
    }
    return HTTP_BAD;
}

enum http_event http_next(
    struct http_reader *reader, const char **at, const char *end, struct span *body)
{
    enum http_event event = HTTP_MORE;
    while (event == HTTP_MORE && (*at < end || reader->part == AT_END))
        event = take(reader, at, end, body);
    return event;
}

void http_add_header(char *headers, size_t capacity, const char *name, const char *value)
{
    size_t size = strlen(headers);
    if (value != NULL)
        snprintf(headers + size, capacity - size, "%s: %s\r\n", name, value);
}

void http_ask(struct buffer *to, const struct http_request *request)
{
    static const char FORMAT[] = "%s %s HTTP/1.1\r\nHost: %s\r\n%s%s\r\n";
    char length[48] = "";
    if (strcmp(request->method, "GET") != 0)
        snprintf(length, sizeof length, "Content-Length: %zu\r\n", request->body_size);
    int size = snprintf(
        NULL, 0, FORMAT, request->method, request->path, request->host, request->headers, length);
    snprintf(buffer_room(to, (size_t)size + 1), (size_t)size + 1, FORMAT, request->method,
        request->path, request->host, request->headers, length);
    buffer_grow(to, (size_t)size);
}
