/*
 * appender FILE COUNT BYTES   one writer that appends lines of so many bytes with a write(2) and an fdatasync(2) each, and nothing else: the
 *                             floor of every log that answers when a line is on the disk. Prints lines a second.
 */
#include "table.h"

int main(int count, char **arguments)
{
    if (count != 4)
        return 2;
    long lines = atol(arguments[2]), size = atol(arguments[3]);
    char *line = malloc(size);
    memset(line, 'x', size);
    line[size - 1] = '\n';
    int file = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        fail(arguments[1]);
    long long began = now();
    for (long i = 0; i < lines; i++)
        if (write(file, line, size) != size || fdatasync(file) < 0)
            fail(arguments[1]);
    printf("%.0f\n", lines / ((now() - began) / 1e9));
    return 0;
}
