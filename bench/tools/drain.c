/*
 * drain serve PORT FILE   reads lines from whoever connects on the loopback, as an indexer's input would, and keeps in FILE (mapped, so that
 *                         looking at it disturbs nobody) how many there were, how many bytes, and when the last one came. A line with
 *                         "tick NANOSECONDS." in it tells when it was written: what lies between is noted.
 * drain show FILE         lines, bytes, nanoseconds of the monotonic clock at the last one
 * drain ticks FILE        the latencies in microseconds, one in each line
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include "table.h"

enum { MOST = 64, TICKS = 100000, BUFFER = 1 << 20 };

struct seen {
    _Atomic long lines, bytes;
    _Atomic long long last;
    _Atomic long ticks;
    long long took[TICKS];
};

static struct seen *map(const char *file)
{
    int handle = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (handle < 0 || ftruncate(handle, sizeof(struct seen)) < 0)
        fail(file);
    void *at = mmap(0, sizeof(struct seen), PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    if (at == MAP_FAILED)
        fail(file);
    return at;
}

/* A tick that is cut in two by the end of a read is not counted; there are enough. */
static void note_ticks(struct seen *seen, const char *text, ssize_t length, long long at)
{
    const char *end = text + length;
    while ((text = memmem(text, end - text, "tick ", 5))) {
        long long written = 0;
        text += 5;
        while (text < end && *text >= '0' && *text <= '9')
            written = written * 10 + (*text++ - '0');
        if (text < end && *text == '.' && seen->ticks < TICKS)
            seen->took[seen->ticks++] = at - written;
    }
}

static void take(struct seen *seen, const char *buffer, ssize_t got)
{
    long lines = 0;
    long long at = now();
    for (const char *from = buffer; (from = memchr(from, '\n', buffer + got - from)); from++)
        lines++;
    if (lines < 100)
        note_ticks(seen, buffer, got, at);
    seen->last = at;
    seen->bytes += got;
    seen->lines += lines;
}

static int serve(const char *port, struct seen *seen)
{
    static char buffer[BUFFER];
    struct pollfd who[MOST] = { { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), .events = POLLIN } };
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int count = 1, yes = 1;
    setsockopt(who[0].fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(who[0].fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(who[0].fd, 8) < 0)
        fail("bind");
    for (;;) {
        if (poll(who, count, -1) < 0)
            fail("poll");
        for (int i = count - 1; i > 0; i--) {
            if (!who[i].revents)
                continue;
            ssize_t got = read(who[i].fd, buffer, sizeof buffer);
            if (got > 0) {
                take(seen, buffer, got);
            } else {
                close(who[i].fd);
                who[i] = who[--count];
            }
        }
        if (who[0].revents && count < MOST) {
            who[count] = (struct pollfd){ .fd = accept4(who[0].fd, 0, 0, SOCK_CLOEXEC), .events = POLLIN };
            if (who[count].fd >= 0)
                count++;
        }
    }
}

int main(int count, char **arguments)
{
    if (count == 4 && !strcmp(arguments[1], "serve"))
        return serve(arguments[2], map(arguments[3]));
    if (count != 3)
        return 2;
    struct seen *seen = map(arguments[2]);
    if (!strcmp(arguments[1], "show"))
        printf("%ld %ld %lld\n", seen->lines, seen->bytes, seen->last);
    else
        for (long i = 0; i < seen->ticks; i++)
            printf("%lld\n", seen->took[i] / 1000);
    return 0;
}
