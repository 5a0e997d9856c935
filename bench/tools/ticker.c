/*
 * ticker MILLISECONDS COUNT   writes a line with the time of the monotonic clock to stdout every so often, each with a write(2) of its own.
 */
#include "table.h"

int main(int count, char **arguments)
{
    if (count != 3)
        return 2;
    long every = atol(arguments[1]) * 1000, left = atol(arguments[2]);
    char line[128];
    while (left--) {
        int length = snprintf(line, sizeof line, "2026-11-25T16:12:16.123Z INFO  request 0f3a served in 12 ms: tick %lld.\n", now());
        if (write(1, line, length) != length)
            fail("stdout");
        rest(every);
    }
    return 0;
}
