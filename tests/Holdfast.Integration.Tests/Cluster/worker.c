// A service that works: every 5 ms it sends what it did to who receives its effects, with the epoch that it does it in.
// One that stands by hot (worker HOST PORT NAME hot) says READY=1 when it can hear, and works when it gets SIGUSR1, in the epoch that its lease's file has then.
// worker HOST PORT NAME [hot]
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ending, promoted;

static void end(int signal) { (void)signal; ending = 1; }

static void promote(int signal) { (void)signal; promoted = 1; }

// Of the lease under which it acts; 0: of none.
static long long read_epoch(void)
{
    long long epoch = 0;
    const char *path = getenv("HOLDFAST_LEASE");
    FILE *lease = path ? fopen(path, "r") : NULL;
    if (lease == NULL) return 0;
    if (fscanf(lease, "%lld", &epoch) != 1) epoch = 0;
    fclose(lease);
    return epoch;
}

static void say_ready(void)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof to.sun_path) return;
    strcpy(to.sun_path, path);
    if (to.sun_path[0] == '@') to.sun_path[0] = 0;
    int notify = socket(AF_UNIX, SOCK_DGRAM, 0);
    sendto(notify, "READY=1", 7, 0, (struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path)));
    close(notify);
}

int main(int count, char **arguments)
{
    if (count != 4 && count != 5) return 2;
    const char *given = getenv("HOLDFAST_EPOCH");
    long long epoch = given ? atoll(given) : 0;
    struct sigaction act = {.sa_handler = end}, lead = {.sa_handler = promote};
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGUSR1, &lead, NULL);
    say_ready();
    int sink = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[2]))};
    if (sink < 0 || inet_pton(AF_INET, arguments[1], &to.sin_addr) != 1) return 3;
    for (long done = 0; !ending; done++)
    {
        if (promoted && epoch == 0) epoch = read_epoch();
        if (count == 4 || promoted)
        {
            char effect[128];
            int length = snprintf(effect, sizeof effect, "%lld %s %d %ld", epoch, arguments[3], (int)getpid(), done);
            sendto(sink, effect, (size_t)length, 0, (struct sockaddr *)&to, sizeof to);
        }

        struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
        nanosleep(&pause, NULL);
    }

    return 0;
}
