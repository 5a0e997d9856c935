/*
 * What patients write down and the killer reads: one slot for each service in a file that all of them map. No system call
 * stands between the first line of main() and the note of its time.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct slot {
    _Atomic long pid;
    _Atomic long long born; /* CLOCK_MONOTONIC in nanoseconds, the first thing main() does */
    _Atomic long starts;
    _Atomic long asked;     /* HTTP requests answered */
    char rest[32];
};

static inline long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static inline void rest(long microseconds)
{
    struct timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };
    nanosleep(&time, 0);
}

static _Noreturn inline void fail(const char *what)
{
    perror(what);
    exit(1);
}

static inline struct slot *map_table(const char *file, long slots)
{
    int handle = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    struct stat facts;
    if (handle < 0 || fstat(handle, &facts) < 0)
        fail(file);
    if (slots && facts.st_size < (long)(slots * sizeof(struct slot)) && ftruncate(handle, slots * sizeof(struct slot)) < 0)
        fail(file);
    long size = slots ? slots * (long)sizeof(struct slot) : facts.st_size;
    struct slot *table = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED, handle, 0);
    if (table == MAP_FAILED)
        fail(file);
    close(handle);
    return table;
}
