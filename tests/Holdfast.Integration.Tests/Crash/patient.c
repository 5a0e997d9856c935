/*
 * A service whose every line can be accounted for: `patient MILLISECONDS [LINES]` prints so many lines "RUN NUMBER" at that pace by
 * one write, and keeps in a file of its run (runs/RUN, eight bytes) how many it has written. A child in a session of its own stands by, which
 * nobody but its container's end will end. Two trees at once leave a file in overlaps/.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MOST_TOGETHER = 500 };

static volatile sig_atomic_t ending;

static void end(int number) { (void)number; ending = 1; }

int main(int count, char **arguments)
{
    long pace = count > 1 ? atol(arguments[1]) * 1000000 : 10000000;
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    long together = count > 2 ? atol(arguments[2]) : 1;
    if (together < 1 || together > MOST_TOGETHER)
        return 2;
    char run[64], line[96], lines[MOST_TOGETHER * sizeof line];
    /* Letters in between: so many digits in a row may look like the number of a card, and be redacted. */
    snprintf(run, sizeof run, "runs/%d-s%lldn%ld", getpid(), (long long)now.tv_sec, now.tv_nsec);
    mkdir("runs", 0700);
    int file = open(run, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, 8) < 0)
        return 1;
    volatile uint64_t *written = mmap(0, 8, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (written == MAP_FAILED)
        return 1;

    /* Held by the child too: as long as anything of this tree lives, another one sees it, and says so. */
    int sole = open("sole", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (sole < 0 || flock(sole, LOCK_EX | LOCK_NB) < 0) {
        mkdir("overlaps", 0700);
        snprintf(line, sizeof line, "overlaps/%d", getpid());
        close(open(line, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    }

    if (fork() == 0) {
        setsid();
        for (;;)
            pause();
    }

    struct sigaction action = { .sa_handler = end };
    sigaction(SIGTERM, &action, 0);
    struct timespec due;
    clock_gettime(CLOCK_MONOTONIC, &due);
    for (uint64_t number = 0; !ending;) {
        int length = 0;
        for (long i = 0; i < together; i++)
            length += snprintf(lines + length, sizeof line, "%s %llu\n", run + 5, (unsigned long long)++number);
        if (write(1, lines, (size_t)length) != length)
            return 1;
        *written = number;
        due.tv_nsec += pace;
        for (; due.tv_nsec >= 1000000000; due.tv_nsec -= 1000000000)
            due.tv_sec++;
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, 0);
    }
    return 0;
}
