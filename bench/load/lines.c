/* See lines.h. */
#include "lines.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

void lines_read(struct lines *lines)
{
    size_t room = LONGEST_LINE - lines->size;
    ssize_t n = read(STDIN_FILENO, lines->text + lines->size, room);
    if (n > 0)
        lines->size += (size_t)n;
    else if (n == 0 || (errno != EINTR && errno != EAGAIN))
        lines->is_over = true; /* a line too long for us ends it, too: there is no room left */
}

bool lines_next(struct lines *lines, char line[static LONGEST_LINE + 1])
{
    char *end = memchr(lines->text, '\n', lines->size);
    if (end == NULL)
        return false;
    size_t size = (size_t)(end - lines->text);
    memcpy(line, lines->text, size);
    line[size] = '\0';
    lines->size -= size + 1;
    memmove(lines->text, end + 1, lines->size);
    return true;
}

bool lines_watch(int epoll)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    return epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event) == 0;
}

void lines_unwatch(int epoll)
{
    epoll_ctl(epoll, EPOLL_CTL_DEL, STDIN_FILENO, NULL);
}
