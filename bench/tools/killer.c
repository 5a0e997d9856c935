/*
 * Kills patients and measures until they are back.
 *   killer make  TABLE SLOTS                       a table for so many
 *   killer await TABLE SLOTS SECONDS               waits until each has started; says how many have not, if any
 *   killer kill  TABLE SLOT SECONDS                kills one, not before it has lived 1.2 s; says the microseconds to its next main()
 *   killer mass  TABLE SLOTS SECONDS               kills all; says the milliseconds until the last has begun its next main()
 *   killer asked TABLE SLOTS                       how many HTTP requests all of them have answered
 */
#include "table.h"
#include <errno.h>
#include <signal.h>

/* runit waits a second where a service lived for less: that would be its policy, not its speed. */
#define LIVED 1200000000LL

static long missing(struct slot *table, long slots, const long *before)
{
    long without = 0;
    for (long i = 0; i < slots; i++)
        without += table[i].starts <= (before ? before[i] : 0);
    return without;
}

static int await(struct slot *table, long slots, const long *before, long seconds)
{
    long long until = now() + seconds * 1000000000LL;
    long without;
    while ((without = missing(table, slots, before)) > 0) {
        if (now() > until) {
            fprintf(stderr, "%ld of %ld have not started within %ld s\n", without, slots, seconds);
            return 1;
        }
        rest(5000); /* nothing of ours runs while the others work */
    }
    return 0;
}

static void let_live(struct slot *table, long slots)
{
    for (long i = 0; i < slots; i++) {
        long long lived;
        while ((lived = now() - table[i].born) < LIVED)
            rest((LIVED - lived) / 1000 + 1);
    }
}

static int kill_one(struct slot *own, long seconds)
{
    let_live(own, 1);
    long before = own->starts;
    long long at = now();
    if (kill(own->pid, SIGKILL) < 0)
        fail("kill");
    rest(20000);
    if (await(own, 1, &before, seconds))
        return 1;
    printf("%.1f\n", (own->born - at) / 1000.0);
    return 0;
}

static int kill_all(struct slot *table, long slots, long seconds)
{
    let_live(table, slots);
    long *before = calloc(slots, sizeof *before);
    for (long i = 0; i < slots; i++)
        before[i] = table[i].starts;
    long long at = now(), last = 0;
    for (long i = 0; i < slots; i++)
        if (kill(table[i].pid, SIGKILL) < 0 && errno != ESRCH)
            fail("kill");
    if (await(table, slots, before, seconds))
        return 1;
    for (long i = 0; i < slots; i++)
        if (table[i].born > last)
            last = table[i].born;
    printf("%.1f\n", (last - at) / 1000000.0);
    free(before);
    return 0;
}

int main(int count, char **arguments)
{
    if (count >= 4) {
        const char *verb = arguments[1];
        long slots = atol(arguments[3]), seconds = count > 4 ? atol(arguments[4]) : 60;
        if (strcmp(verb, "kill") == 0)
            return kill_one(map_table(arguments[2], 0) + slots, seconds);
        struct slot *table = map_table(arguments[2], slots);
        if (strcmp(verb, "make") == 0)
            return 0;
        if (strcmp(verb, "await") == 0)
            return await(table, slots, 0, seconds);
        if (strcmp(verb, "mass") == 0)
            return kill_all(table, slots, seconds);
        if (strcmp(verb, "asked") == 0) {
            long asked = 0;
            for (long i = 0; i < slots; i++)
                asked += table[i].asked;
            printf("%ld\n", asked);
            return 0;
        }
    }
    fprintf(stderr, "killer make|await|kill|mass|asked: see killer.c\n");
    return 2;
}
