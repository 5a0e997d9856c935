/*
 * ask SOCKET METHOD BYTES SECONDS [COMMAND…]   calls a gRPC method without arguments on a local socket, again and again until the answer
 *                                             has at least so many bytes; says the milliseconds that took. With a command this is started first,
 *                                             its PID is the first word of the line. A client of our own runtime would take longer to start than what is measured.
 */
#include "table.h"
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

static size_t put(unsigned char *at, const char *text)
{
    size_t length = strlen(text);
    at[0] = (unsigned char)length;
    memcpy(at + 1, text, length);
    return length + 1;
}

static size_t frame(unsigned char *at, size_t length, int type, int flags, int stream)
{
    unsigned char head[9] = { length >> 16, length >> 8, length, type, flags, 0, 0, 0, stream };
    memcpy(at, head, 9);
    return 9 + length;
}

static size_t request(unsigned char *at, const char *method)
{
    unsigned char *begin = at, fields[512], *field = fields;
    memcpy(at, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 24);
    at += 24;
    memcpy(at + 9, "\0\4\x7f\xff\xff\xff", 6); /* SETTINGS: a stream's window is as large as can be */
    at += frame(at, 6, 4, 0, 0);
    memcpy(at + 9, "\x7f\xff\0\0", 4); /* WINDOW_UPDATE: the connection's too */
    at += frame(at, 4, 8, 0, 0);
    *field++ = 0x83; /* :method POST */
    *field++ = 0x86; /* :scheme http */
    *field++ = 0x04; /* :path */
    field += put(field, method);
    *field++ = 0x01; /* :authority */
    field += put(field, "localhost");
    *field++ = 0x0f; /* content-type */
    *field++ = 0x10;
    field += put(field, "application/grpc");
    *field++ = 0x00;
    field += put(field, "te");
    field += put(field, "trailers");
    memcpy(at + 9, fields, field - fields);
    at += frame(at, field - fields, 1, 4, 1);
    memset(at + 9, 0, 5); /* a message of no bytes */
    at += frame(at, 5, 0, 1, 1);
    return at - begin;
}

static int fill(int handle, unsigned char *into, size_t length)
{
    while (length > 0) {
        ssize_t count = read(handle, into, length);
        if (count <= 0)
            return 0;
        into += count;
        length -= count;
    }
    return 1;
}

/* The bytes of the answer; negative: none. */
static long ask(const char *path, const char *method)
{
    static unsigned char bytes[1 << 20];
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    snprintf(to.sun_path, sizeof to.sun_path, "%s", path);
    int handle = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    long answer = -1, taken = 0;
    size_t length = request(bytes, method);
    if (connect(handle, (struct sockaddr *)&to, sizeof to) == 0 && write(handle, bytes, length) == (ssize_t)length) {
        unsigned char head[9];
        while (fill(handle, head, 9)) {
            size_t size = head[0] << 16 | head[1] << 8 | head[2];
            if (size > sizeof bytes || !fill(handle, bytes, size))
                break;
            if (head[3] == 0)
                taken += size;
            if (head[8] == 1 && head[3] <= 1 && head[4] & 1) {
                answer = taken;
                break;
            }
        }
    }
    close(handle);
    return answer;
}

int main(int count, char **arguments)
{
    if (count < 5)
        return 2;
    long wanted = atol(arguments[3]), answer;
    long long began = now(), until = began + atol(arguments[4]) * 1000000000LL;
    if (count > 5) {
        pid_t pid = fork();
        if (pid == 0) {
            dup2(2, 1); /* ours is for the answer, and whoever reads it waits for its last end */
            execv(arguments[5], arguments + 5);
            perror(arguments[5]);
            _exit(127);
        }
        printf("%d ", (int)pid);
    }
    while ((answer = ask(arguments[1], arguments[2])) < wanted) {
        if (now() > until) {
            fprintf(stderr, "%s: no answer of %ld bytes (the last had %ld)\n", arguments[1], wanted, answer);
            return 1;
        }
        rest(1000);
    }
    printf("%.1f %ld\n", (now() - began) / 1e6, answer);
    return 0;
}
