/*
 * The service that is killed.
 *   patient TABLE INDEX [PORT]   notes its start in the table, says that it is ready to whom asked for that (NOTIFY_SOCKET as of
 *                                systemd, NOTIFY_FD as of s6), says a line, and waits for its end; with a port it answers HTTP there
 *   patient                      the same, with the arguments from the file "arguments" in its folder: for runit's run that is no script
 */
#include "table.h"
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

static void say_ready(void)
{
    const char *path = getenv("NOTIFY_SOCKET"), *number = getenv("NOTIFY_FD");
    if (number && write(atoi(number), "\n", 1) == 1)
        close(atoi(number));
    if (!path)
        return;
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    size_t length = strlen(path);
    if (length >= sizeof to.sun_path)
        return;
    memcpy(to.sun_path, path, length);
    if (path[0] == '@')
        to.sun_path[0] = 0;
    int handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (sendto(handle, "READY=1", 7, MSG_NOSIGNAL, (struct sockaddr *)&to, offsetof(struct sockaddr_un, sun_path) + length) < 0)
        perror("NOTIFY_SOCKET");
    close(handle);
}

static _Noreturn void serve(int port, struct slot *own)
{
    static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) < 0 || listen(listener, 16) < 0)
        fail("listen");
    for (;;) {
        char request[2048];
        int client = accept(listener, 0, 0);
        if (client < 0)
            fail("accept");
        if (read(client, request, sizeof request) > 0 && write(client, answer, sizeof answer - 1) > 0)
            own->asked++;
        close(client);
    }
}

int main(int count, char **arguments)
{
    long long born = now();
    char file[4096];
    const char *table = file;
    long index, port = 0;
    if (count == 1) {
        FILE *from = fopen("arguments", "r");
        if (!from || fscanf(from, "%4095s %ld", file, &index) != 2)
            fail("arguments");
        fclose(from);
    } else if (count >= 3) {
        table = arguments[1];
        index = atol(arguments[2]);
        port = count > 3 ? atol(arguments[3]) : 0;
    } else {
        fprintf(stderr, "patient TABLE INDEX [PORT]\n");
        return 2;
    }

    struct slot *own = map_table(table, 0) + index;
    own->pid = getpid();
    own->born = born;
    own->starts++;
    say_ready();
    if (write(1, "started\n", 8) < 0)
        fail("stdout");
    if (port)
        serve(port, own);
    for (;;)
        pause();
}
