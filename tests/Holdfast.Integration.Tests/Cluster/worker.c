// A service that works: every 5 ms it sends what it did to who receives its effects, with the epoch that it does it in.
// worker HOST PORT NAME
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ending;

static void end(int signal) { (void)signal; ending = 1; }

int main(int count, char **arguments)
{
    if (count != 4) return 2;
    const char *epoch = getenv("HOLDFAST_EPOCH");
    struct sigaction act = {.sa_handler = end};
    sigaction(SIGTERM, &act, NULL);
    int sink = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(arguments[2]))};
    if (sink < 0 || inet_pton(AF_INET, arguments[1], &to.sin_addr) != 1) return 3;
    for (long done = 0; !ending; done++)
    {
        char effect[128];
        int length = snprintf(effect, sizeof effect, "%s %s %d %ld", epoch ? epoch : "0", arguments[3], (int)getpid(), done);
        sendto(sink, effect, (size_t)length, 0, (struct sockaddr *)&to, sizeof to);
        struct timespec pause = {.tv_nsec = 5 * 1000 * 1000};
        nanosleep(&pause, NULL);
    }

    return 0;
}
