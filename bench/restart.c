/*
 * The patient, the killer and the floor of restart.sh: one file, so that all read the same clock the same way.
 *
 *   restart patient [FILE]             appends "PID NANOSECONDS" (CLOCK_MONOTONIC, the first thing main does) to FILE
 *                                      (./starts without), says a line, and waits for its end
 *   restart kill COUNT PAUSE_MS FILE   kills the newest patient COUNT times; says each time from kill to the next main, in microseconds
 *   restart floor COMMAND...           the smallest parent there can be (waitpid, vfork, exec): what a supervisor takes beyond
 *                                      it is the supervisor's own part
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct start { int pid; long long born; long count; };

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void rest(long milliseconds)
{
    struct timespec time = { milliseconds / 1000, milliseconds % 1000 * 1000000 };
    nanosleep(&time, 0);
}

static _Noreturn void fail(const char *what)
{
    perror(what);
    exit(1);
}

static _Noreturn void be_patient(const char *file, long long born)
{
    char line[64];
    int length = snprintf(line, sizeof line, "%d %lld\n", getpid(), born);
    int starts = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (starts < 0 || write(starts, line, length) != length)
        fail(file);
    close(starts);
    if (write(1, "started\n", 8) < 0)
        fail("stdout");
    for (;;)
        pause();
}

static struct start newest(const char *file)
{
    struct start last = { 0, 0, 0 }, next;
    FILE *starts = fopen(file, "r");
    while (starts && fscanf(starts, "%d %lld", &next.pid, &next.born) == 2) {
        next.count = last.count + 1;
        last = next;
    }
    if (starts)
        fclose(starts);
    return last;
}

static struct start await(const char *file, long after)
{
    struct start last;
    long long until = now() + 30000000000LL;
    while ((last = newest(file)).count <= after) {
        if (now() > until) {
            fprintf(stderr, "%s: no start within 30 s\n", file);
            exit(1);
        }
        rest(5);
    }
    return last;
}

static int kill_often(int count, long pause, const char *file)
{
    struct start last = await(file, 0);
    for (int i = 0; i < count; i++) {
        rest(pause);
        long long at = now();
        if (kill(last.pid, SIGKILL) < 0)
            fail("kill");
        rest(30); /* nothing of ours runs while the other works */
        last = await(file, last.count);
        printf("%.1f\n", (last.born - at) / 1000.0);
        fflush(stdout);
    }
    return 0;
}

static _Noreturn void be_floor(char **command)
{
    for (;;) {
        pid_t pid = vfork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            execv(command[0], command);
            _exit(127);
        }
        if (pid < 0 || waitpid(pid, 0, 0) < 0)
            fail("floor");
    }
}

int main(int count, char **arguments)
{
    long long born = now();
    if (count < 2 || strcmp(arguments[1], "patient") == 0)
        be_patient(count > 2 ? arguments[2] : "starts", born);
    if (strcmp(arguments[1], "kill") == 0 && count == 5)
        return kill_often(atoi(arguments[2]), atol(arguments[3]), arguments[4]);
    if (strcmp(arguments[1], "floor") == 0 && count > 2)
        be_floor(arguments + 2);
    fprintf(stderr, "restart patient|kill|floor: see restart.c\n");
    return 2;
}
