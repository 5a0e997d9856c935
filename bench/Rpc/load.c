/*
 * A client that is the same for every server of bench.proto, and costs less than any of them: it makes no messages, only their bytes.
 *   load PORT PLAIN|TLS check                      whether the server keeps the contract
 *   load PORT PLAIN|TLS rate CONNECTIONS BYTES CALLS-A-SECOND SECONDS
 *                                                  Echo at a fixed rate, whatever the answers do; says "P50 P99 P99.9 MOST FAILED", microseconds
 *   load PORT PLAIN|TLS down|up BYTES MESSAGES     one stream in that direction; says the seconds it took
 * A call is due at its time, and its latency counts from then: what waits in the client because the server is late counts as well. The wait for the next
 * call is a busy one, so that waking up is not in the figure. Any answer but grpc-status 0 with the bytes that are due is a failure.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <nghttp2/nghttp2.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define WINDOW (16 << 20)
#define PREFIX 5
#define MOST_CONNECTIONS 64

struct connection {
    int fd;
    SSL *tls;
    nghttp2_session *session;
    uint8_t out[256 << 10];
    size_t from, to;
};

struct call {
    int64_t due, took;
    const uint8_t *message; /* with its prefix; sent TIMES times */
    size_t length, sent, times;
    int status, closed;
    uint8_t prefix[PREFIX]; /* of the message that comes in */
    size_t prefix_bytes, left;
    size_t messages, bytes; /* what came, prefixes not counted */
    uint8_t first[64];      /* the beginning of what came */
};

static struct connection *connections[MOST_CONNECTIONS];
static int connection_count, port;
static SSL_CTX *tls;
static size_t open_calls;

static void die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    exit(1);
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* ── what the session asks for ── */
static int on_header(nghttp2_session *session, const nghttp2_frame *frame, const uint8_t *name, size_t name_length, const uint8_t *value, size_t length, uint8_t flags, void *data)
{
    (void)length, (void)flags, (void)data;
    struct call *call = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
    if (call && name_length == 11 && memcmp(name, "grpc-status", 11) == 0) call->status = atoi((const char *)value);
    return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t stream, const uint8_t *data, size_t length, void *unused)
{
    (void)flags, (void)unused;
    struct call *call = nghttp2_session_get_stream_user_data(session, stream);
    while (call && length > 0) {
        if (call->left == 0 && call->prefix_bytes < PREFIX) {
            call->prefix[call->prefix_bytes++] = *data++;
            length--;
            if (call->prefix_bytes < PREFIX) continue;
            call->left = (size_t)call->prefix[1] << 24 | call->prefix[2] << 16 | call->prefix[3] << 8 | call->prefix[4];
        }
        size_t part = length < call->left ? length : call->left;
        if (call->bytes < sizeof call->first) {
            size_t room = sizeof call->first - call->bytes;
            memcpy(call->first + call->bytes, data, part < room ? part : room);
        }
        call->bytes += part;
        call->left -= part;
        data += part;
        length -= part;
        if (call->left == 0) {
            call->messages++;
            call->prefix_bytes = 0;
        }
    }
    return 0;
}

static int on_close(nghttp2_session *session, int32_t stream, uint32_t error, void *data)
{
    (void)error, (void)data;
    struct call *call = nghttp2_session_get_stream_user_data(session, stream);
    if (call) {
        call->took = now() - call->due;
        call->closed = 1;
        open_calls--;
    }
    return 0;
}

static ssize_t next_bytes(nghttp2_session *session, int32_t stream, uint8_t *to, size_t room, uint32_t *flags, nghttp2_data_source *source, void *data)
{
    (void)session, (void)stream, (void)data;
    struct call *call = source->ptr;
    size_t all = call->length * call->times, put = 0;
    while (put < room && call->sent < all) {
        size_t at = call->sent % call->length, part = call->length - at;
        if (part > room - put) part = room - put;
        memcpy(to + put, call->message + at, part);
        put += part;
        call->sent += part;
    }
    if (call->sent == all) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)put;
}

/* ── connections ── */
static struct connection *connect_one(void)
{
    struct connection *new = calloc(1, sizeof *new);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int one = 1;
    new->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(new->fd, (struct sockaddr *)&address, sizeof address) != 0) die("nobody listens on port %d: %s", port, strerror(errno));
    setsockopt(new->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (tls) {
        new->tls = SSL_new(tls);
        SSL_set_fd(new->tls, new->fd);
        if (SSL_connect(new->tls) != 1) die("the TLS handshake failed");
    }
    fcntl(new->fd, F_SETFL, O_NONBLOCK);
    nghttp2_session_callbacks *callbacks;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
    nghttp2_session_client_new(&new->session, callbacks, new);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_settings_entry settings[] = { { NGHTTP2_SETTINGS_ENABLE_PUSH, 0 }, { NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, WINDOW } };
    nghttp2_submit_settings(new->session, NGHTTP2_FLAG_NONE, settings, 2);
    nghttp2_session_set_local_window_size(new->session, NGHTTP2_FLAG_NONE, 0, WINDOW);
    return new;
}

/* As much as the socket takes. */
static void send_all(struct connection *to)
{
    for (;;) {
        while (to->to < sizeof to->out / 2) {
            const uint8_t *bytes;
            ssize_t length = nghttp2_session_mem_send(to->session, &bytes);
            if (length < 0) die("HTTP/2: %s", nghttp2_strerror((int)length));
            if (length == 0) break;
            memcpy(to->out + to->to, bytes, (size_t)length);
            to->to += (size_t)length;
        }
        if (to->from == to->to) return;
        ssize_t sent = to->tls ? SSL_write(to->tls, to->out + to->from, (int)(to->to - to->from)) : send(to->fd, to->out + to->from, to->to - to->from, MSG_NOSIGNAL);
        if (sent <= 0) {
            int again = to->tls ? SSL_get_error(to->tls, (int)sent) == SSL_ERROR_WANT_WRITE : errno == EAGAIN;
            if (again) return;
            die("the connection broke while sending");
        }
        to->from += (size_t)sent;
        if (to->from == to->to) to->from = to->to = 0;
    }
}

/* What has come, if something has. */
static void take(struct connection *from)
{
    static uint8_t in[256 << 10];
    for (;;) {
        ssize_t length = from->tls ? SSL_read(from->tls, in, sizeof in) : recv(from->fd, in, sizeof in, 0);
        if (length <= 0) {
            int again = from->tls ? SSL_get_error(from->tls, (int)length) == SSL_ERROR_WANT_READ : length < 0 && errno == EAGAIN;
            if (again) return;
            die("the server closed the connection");
        }
        ssize_t used = nghttp2_session_mem_recv(from->session, in, (size_t)length);
        if (used < 0) die("HTTP/2: %s", nghttp2_strerror((int)used));
        if (!from->tls && length < (ssize_t)sizeof in) return;
    }
}

static void exchange(int wait)
{
    int i;
    if (wait) {
        struct pollfd polls[MOST_CONNECTIONS];
        for (i = 0; i < connection_count; i++)
            polls[i] = (struct pollfd) { .fd = connections[i]->fd, .events = POLLIN | (connections[i]->from < connections[i]->to ? POLLOUT : 0) };
        if (poll(polls, (nfds_t)connection_count, 30000) == 0) die("the server has said nothing for 30 s");
    }
    for (i = 0; i < connection_count; i++) {
        take(connections[i]);
        send_all(connections[i]);
    }
}

/* ── calls ── */
static void begin(struct connection *on, const char *path, struct call *call)
{
#define FIELD(name, value) { (uint8_t *)(name), (uint8_t *)(value), strlen(name), strlen(value), NGHTTP2_NV_FLAG_NO_COPY_NAME }
    nghttp2_nv fields[] = { FIELD(":method", "POST"), FIELD(":scheme", tls ? "https" : "http"), FIELD(":path", path), FIELD(":authority", "localhost"),
                            FIELD("content-type", "application/grpc"), FIELD("te", "trailers") };
    nghttp2_data_provider provider = { .source.ptr = call, .read_callback = next_bytes };
    call->status = -1;
    open_calls++;
    if (nghttp2_submit_request(on->session, NULL, fields, sizeof fields / sizeof *fields, &provider, call) < 0) die("no stream is left on a connection");
}

static size_t number(uint8_t *at, size_t value)
{
    size_t length = 0;
    for (; value >= 0x80; value >>= 7) at[length++] = (uint8_t)(value | 0x80);
    at[length++] = (uint8_t)value;
    return length;
}

static size_t prefix(uint8_t *message, size_t length)
{
    message[0] = 0;
    for (int i = 0; i < 4; i++) message[1 + i] = (uint8_t)(length >> (24 - 8 * i));
    return PREFIX + length;
}

/* Payload { body = 1 } */
static uint8_t *payload(size_t bytes, size_t *length)
{
    uint8_t *message = malloc(bytes + 16), *at = message + PREFIX;
    *at++ = 0x0a;
    at += number(at, bytes);
    for (size_t i = 0; i < bytes; i++) *at++ = (uint8_t)(i * 7);
    *length = prefix(message, (size_t)(at - message) - PREFIX);
    return message;
}

static void run(struct call *call, const char *path)
{
    call->due = now();
    begin(connections[0], path, call);
    send_all(connections[0]);
    while (!call->closed) exchange(1);
    if (call->status != 0) die("%s ended with grpc-status %d (-1: none)", path, call->status);
}

static double stream_down(size_t bytes, size_t messages)
{
    uint8_t request[32] = { 0 }, *at = request + PREFIX;
    size_t length;
    free(payload(bytes, &length));
    *at++ = 0x08;
    at += number(at, bytes);
    *at++ = 0x10;
    at += number(at, messages);
    struct call call = { .message = request, .length = prefix(request, (size_t)(at - request) - PREFIX), .times = 1 };
    run(&call, "/holdfast.bench.Bench/Down");
    if (call.messages != messages || call.bytes != messages * (length - PREFIX)) die("Down gave %zu messages and %zu bytes", call.messages, call.bytes);
    return (double)call.took / 1e9;
}

static double stream_up(size_t bytes, size_t messages)
{
    uint8_t expected[32], *at = expected;
    struct call call = { .times = messages };
    call.message = payload(bytes, &call.length);
    run(&call, "/holdfast.bench.Bench/Up");
    *at++ = 0x08;
    at += number(at, messages);
    *at++ = 0x10;
    at += number(at, messages * bytes);
    if (call.bytes != (size_t)(at - expected) || memcmp(call.first, expected, call.bytes) != 0) die("Up has counted something else");
    return (double)call.took / 1e9;
}

static void check(void)
{
    struct call call = { .times = 1 };
    call.message = payload(50, &call.length);
    run(&call, "/holdfast.bench.Bench/Echo");
    if (call.messages != 1 || call.bytes != call.length - PREFIX || memcmp(call.first, call.message + PREFIX, call.bytes) != 0) die("Echo gave something else back");
    stream_down(1000, 3);
    stream_down(100000, 3);
    stream_up(1000, 3);
    stream_up(100000, 3);
}

static int by_time(const void *a, const void *b)
{
    int64_t left = ((const struct call *)a)->took, right = ((const struct call *)b)->took;
    return left < right ? -1 : left > right;
}

static double rank(const struct call *calls, size_t count, double share)
{
    size_t at = (size_t)(share * (double)count);
    return (double)calls[at < count ? at : count - 1].took / 1000;
}

static void at_rate(size_t bytes, double rate, double seconds)
{
    size_t length, count = (size_t)(rate * seconds), warm = (size_t)(rate < count ? rate : 0), begun = 0, failed = 0;
    uint8_t *message = payload(bytes, &length);
    struct call *calls = calloc(count, sizeof *calls);
    memset(calls, 1, count * sizeof *calls); /* the pages are there before the first is due */
    int64_t start = now();
    while (begun < count || open_calls > 0) {
        int64_t time = now();
        for (; begun < count && start + (int64_t)((double)begun * 1e9 / rate) <= time; begun++) {
            calls[begun] = (struct call) { .due = start + (int64_t)((double)begun * 1e9 / rate), .message = message, .length = length, .times = 1 };
            begin(connections[begun % (size_t)connection_count], "/holdfast.bench.Bench/Echo", &calls[begun]);
        }
        exchange(0);
        if (time - start > (int64_t)((seconds + 30) * 1e9)) die("%zu calls were not answered", open_calls);
    }
    for (size_t i = 0; i < count; i++) failed += calls[i].status != 0 || calls[i].messages != 1 || calls[i].bytes != length - PREFIX;
    /* The first second is not counted: connections, code that is compiled as it is used. */
    calls += warm;
    count -= warm;
    qsort(calls, count, sizeof *calls, by_time);
    printf("%.1f %.1f %.1f %.1f %zu\n", rank(calls, count, 0.5), rank(calls, count, 0.99), rank(calls, count, 0.999), rank(calls, count, 1), failed);
}

int main(int count, char **arguments)
{
    const char *what = count > 3 ? arguments[3] : "";
    int rate = count == 8 && strcmp(what, "rate") == 0, stream = count == 6 && (strcmp(what, "down") == 0 || strcmp(what, "up") == 0);
    if (!rate && !stream && !(count == 4 && strcmp(what, "check") == 0)) die("usage: load PORT PLAIN|TLS check | rate CONNECTIONS BYTES RATE SECONDS | down|up BYTES MESSAGES");
    port = atoi(arguments[1]);
    if (strcmp(arguments[2], "TLS") == 0) {
        tls = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_alpn_protos(tls, (const uint8_t *)"\x02h2", 3);
        SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    }
    connection_count = rate ? atoi(arguments[4]) : 1;
    if (connection_count < 1 || connection_count > MOST_CONNECTIONS) die("%d connections: 1 to %d are possible", connection_count, MOST_CONNECTIONS);
    for (int i = 0; i < connection_count; i++) connections[i] = connect_one();
    if (rate) at_rate((size_t)atoi(arguments[5]), atof(arguments[6]), atof(arguments[7]));
    else if (stream) printf("%.4f\n", (*what == 'd' ? stream_down : stream_up)((size_t)atoi(arguments[4]), (size_t)atoi(arguments[5])));
    else check();
    return 0;
}
