/*
 * flood WRITE_BYTES MIB RESULT [MB_PER_SECOND]   writes lines of 100 bytes, as a service's log has them, to stdout: WRITE_BYTES with each write(2), so many
 *                                MiB in all; then appends to RESULT the MB/s (millions of bytes) that whoever reads has let it have, and when
 *                                it began and ended, in nanoseconds of the monotonic clock. With MB_PER_SECOND it writes no faster than that.
 */
#include "table.h"

enum { LINE = 100 };

int main(int count, char **arguments)
{
    if (count != 4 && count != 5)
        return 2;
    long size = atol(arguments[1]), total = atol(arguments[2]) << 20;
    /* A common multiple of lines and writes, so that lines go on over the edges of writes as they do from a buffered stdout. */
    char *text = malloc(size * LINE + LINE);
    long lines = size > LINE ? size : 1;
    for (long i = 0; i < lines; i++)
        snprintf(text + i * LINE, LINE + 1, "%-99.99s\n", "2026-11-25T16:12:16.123Z INFO  request 0f3a served in 12 ms: GET /orders/4711 -> 200 (route-b, 2 rows)");
    long period = lines * LINE, at = 0, written = 0;
    double most = count == 5 ? atof(arguments[4]) * 1e6 : 0;
    long long began = now();
    while (written < total) {
        long part = size < period - at ? size : period - at;
        ssize_t done = write(1, text + at, part);
        if (done < 0)
            fail("stdout");
        written += done;
        at = (at + done) % period;
        while (most > 0 && written > most * ((now() - began) / 1e9))
            rest(1000);
    }
    long long ended = now();
    FILE *result = fopen(arguments[3], "a");
    if (!result)
        fail(arguments[3]);
    fprintf(result, "%.1f %lld %lld\n", written / ((ended - began) / 1e9) / 1e6, began, ended);
    fclose(result);
    return 0;
}
