// Who hears what is done, and when it was silent.
//   effects hear ADDRESS PORT       receives "EPOCH NAME PID …" and writes a line for each silence of more than 20 ms and for each new epoch or process:
//                                   NAME SILENCE-US EPOCH-BEFORE EPOCH-AFTER PID-BEFORE PID-AFTER; "late NAME EPOCH" where an epoch comes after a later one
//   effects probe ADDRESS PORT      asks who answers at an address every 5 ms, and writes the same for the silences between answers
//   effects answer ID PORT          answers who asks
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { WORTH_A_LINE = 20000, NAMES = 16 };

static struct { char name[32]; long at, epoch, pid; } seen[NAMES];

static long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static void note(const char *name, long epoch, long pid)
{
    int i = 0;
    while (i < NAMES - 1 && seen[i].name[0] && strcmp(seen[i].name, name)) i++;
    if (!seen[i].name[0]) snprintf(seen[i].name, sizeof seen[i].name, "%s", name);
    if (epoch < seen[i].epoch)
    {
        printf("late %s %ld\n", name, epoch);
        return;
    }

    long at = now(), silence = seen[i].at ? at - seen[i].at : 0;
    if (silence > WORTH_A_LINE || epoch != seen[i].epoch || pid != seen[i].pid) printf("%s %ld %ld %ld %ld %ld\n", name, silence, seen[i].epoch, epoch, seen[i].pid, pid);
    seen[i].at = at;
    seen[i].epoch = epoch;
    seen[i].pid = pid;
}

static int bound(const char *address, int port)
{
    int s = socket(AF_INET, SOCK_DGRAM, 0), room = 1 << 20;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    setsockopt(s, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    if (inet_pton(AF_INET, address, &a.sin_addr) != 1 || bind(s, (struct sockaddr *)&a, sizeof a))
    {
        perror("bind");
        exit(1);
    }

    return s;
}

static void hear(int s)
{
    char text[256], name[32];
    for (;;)
    {
        long epoch, pid, got = recv(s, text, sizeof text - 1, 0);
        if (got <= 0) continue;
        text[got] = 0;
        if (sscanf(text, "%ld %31s %ld", &epoch, name, &pid) == 3) note(name, epoch, pid);
    }
}

static void probe(int s, const char *address, int port)
{
    char text[64];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    inet_pton(AF_INET, address, &to.sin_addr);
    for (;;)
    {
        struct pollfd waits = {.fd = s, .events = POLLIN};
        sendto(s, "?", 1, 0, (struct sockaddr *)&to, sizeof to);
        for (long until = now() + 5000, left; (left = until - now()) > 0 && poll(&waits, 1, (int)(left / 1000) + 1) > 0;)
        {
            long got = recv(s, text, sizeof text - 1, 0);
            if (got <= 0) break;
            text[got] = 0;
            note("address", 0, atol(text));
        }
    }
}

static void answer(int s, const char *id)
{
    char text[64];
    for (;;)
    {
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        if (recvfrom(s, text, sizeof text, 0, (struct sockaddr *)&from, &size) > 0) sendto(s, id, strlen(id), 0, (struct sockaddr *)&from, size);
    }
}

int main(int count, char **arguments)
{
    if (count != 4) return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    int port = atoi(arguments[3]);
    if (!strcmp(arguments[1], "hear")) hear(bound(arguments[2], port));
    else if (!strcmp(arguments[1], "probe")) probe(bound("0.0.0.0", 0), arguments[2], port);
    else if (!strcmp(arguments[1], "answer")) answer(bound("0.0.0.0", port), arguments[2]);
    return 2;
}
