/*
 * Gives birth to a process inside its container: the one thing that managed code cannot do, because between clone and exec
 * nothing of a managed runtime may run. Called by Holdfast.Platform/Linux/Births/NativeLauncher.cs, which mirrors the struct.
 *
 * The child shares our memory and this thread stands still until it has become the program or has given up (CLONE_VFORK):
 * no page tables are copied, and the child's failure is simply written into the request. So that this is safe, every signal is
 * blocked meanwhile (a handler of ours would run in the child, on our memory), and accounts are changed by raw system calls
 * (the C library would change them for our threads as well).
 *
 * It also begins on our descriptors (CLONE_FILES), and then takes a copy of those alone that lie below the first that is not for it: of the
 * thousands that a supervisor has none is copied and closed again at every birth. What it becomes is therefore put into three low
 * descriptors first, which are kept for that.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum step { BIRTH = 1, CONTAINER, DESCRIPTORS, LIMITS, ACCOUNT, PARENT, FOLDER, PROGRAM, AFFINITY };

enum { CPU_BYTES = 1024 };        /* a bit for each of the 8,192 CPUs that a kernel can be built for */
enum { UNSHARE_FIRST = 2 };       /* CLOSE_RANGE_UNSHARE, which older headers do not have */

/* Low descriptors that a child takes as its 0, 1 and 2; between births they lead to nothing. One birth at a time. */
static struct { pthread_mutex_t taken; int nothing, standard[3]; } kept = { PTHREAD_MUTEX_INITIALIZER, -1, { -1, -1, -1 } };

struct birth {
    const char *executable, *folder;
    char *const *arguments, *const *environment;
    const uint32_t *groups;
    const int32_t *joins;        /* open cgroup.procs files to enter beside the container */
    const uint8_t *cpus;         /* CPU_BYTES of them; 0: as ours */
    int64_t files;               /* RLIMIT_NOFILE; -1: as ours */
    int64_t core;                /* RLIMIT_CORE; -1: as much as we may */
    int32_t group_count, join_count;
    int32_t cgroup;              /* open folder of the container; -1: none */
    int32_t input, output, error;
    int32_t change_account;
    uint32_t user, group;
    int32_t no_new_privileges;
    int32_t niceness;
    int32_t reset_oom_score;     /* we are protected from the out-of-memory killer, it is not */
    uint32_t umask;
    int32_t outlive;             /* no parent-death signal */
    int32_t detach;              /* and nobody's child */
    int32_t pid, pidfd;          /* results */
    int32_t step, error_number;  /* and where it failed */
};

static inline __attribute__((always_inline)) long clone3(struct clone_args *arguments)
{
    /* In line, for the child returns on the same stack: there must be no frame of a callee for it to spoil. */
    long size = sizeof *arguments;
#if defined(__x86_64__)
    long result = SYS_clone3;
    __asm__ volatile("syscall" : "+a"(result) : "D"(arguments), "S"(size) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long number __asm__("x8") = SYS_clone3;
    register long first __asm__("x0") = (long)arguments;
    register long second __asm__("x1") = size;
    __asm__ volatile("svc 0" : "+r"(first) : "r"(number), "r"(second) : "memory");
    return first;
#else
#error "no clone3 for this processor here: the managed launcher does it"
#endif
}

static _Noreturn void give_up(struct birth *b, enum step step, int error_number)
{
    b->step = step;
    b->error_number = error_number;
    _exit(127);
}

static int highest_kept(void)
{
    int highest = kept.standard[0];
    for (int i = 1; i < 3; i++)
        if (kept.standard[i] > highest)
            highest = kept.standard[i];
    return highest;
}

/* 0, or the error number. */
static int keep(void)
{
    if (kept.nothing < 0) {
        int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
        kept.nothing = nothing < 0 ? -1 : fcntl(nothing, F_DUPFD_CLOEXEC, 3);
        if (nothing >= 0)
            close(nothing);
        if (kept.nothing < 0)
            return errno;
    }
    for (int i = 0; i < 3; i++)
        if (kept.standard[i] < 0 && (kept.standard[i] = fcntl(kept.nothing, F_DUPFD_CLOEXEC, 3)) < 0)
            return errno;
    return 0;
}

static int set_standard(int input, int output, int error)
{
    int given[3] = { input, output, error };
    for (int i = 0; i < 3; i++)
        if (dup3(given[i], kept.standard[i], O_CLOEXEC) < 0)
            return errno;
    return 0;
}

static __attribute__((noinline)) _Noreturn void become(struct birth *b, int parent)
{
    for (int i = 0; i < b->join_count; i++)
        if (write(b->joins[i], "0", 1) < 0)
            give_up(b, CONTAINER, errno);
    setsid();

    /* Until the first line of this the descriptors are our parent's too: none may be changed before. */
    if (syscall(SYS_close_range, (unsigned)highest_kept() + 1, ~0U, UNSHARE_FIRST) < 0)
        give_up(b, DESCRIPTORS, errno);
    for (int i = 0; i < 3; i++)
        if (dup2(kept.standard[i], i) < 0)
            give_up(b, DESCRIPTORS, errno);
    if (syscall(SYS_close_range, 3U, ~0U, 0U) < 0)
        give_up(b, DESCRIPTORS, errno);

    struct rlimit limit = { b->files, b->files };
    if (b->files >= 0 && setrlimit(RLIMIT_NOFILE, &limit) < 0)
        give_up(b, LIMITS, errno);
    limit.rlim_cur = limit.rlim_max = b->core < 0 ? RLIM_INFINITY : (rlim_t)b->core;
    if (setrlimit(RLIMIT_CORE, &limit) < 0 && getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_CORE, &limit);
    }
    if (b->cpus) {
        /* The kernel leaves out what is not there, or not in our cpuset, as long as one is left: that is not what was asked for. */
        uint64_t got[CPU_BYTES / sizeof(uint64_t)] = { 0 };
        if (sched_setaffinity(0, CPU_BYTES, (const cpu_set_t *)b->cpus) < 0
            || sched_getaffinity(0, CPU_BYTES, (cpu_set_t *)got) < 0)
            give_up(b, AFFINITY, errno);
        if (memcmp(got, b->cpus, CPU_BYTES) != 0)
            give_up(b, AFFINITY, EINVAL);
    }
    setpriority(PRIO_PROCESS, 0, b->niceness); /* as far as we may */
    umask(b->umask);
    int score = b->reset_oom_score ? open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC) : -1;
    if (score >= 0 && (write(score, "0", 1) < 0 || close(score) < 0))
        give_up(b, LIMITS, errno);

    if (b->change_account
        && (syscall(SYS_setgroups, b->group_count, b->groups) < 0
            || syscall(SYS_setresgid, b->group, b->group, b->group) < 0
            || syscall(SYS_setresuid, b->user, b->user, b->user) < 0))
        give_up(b, ACCOUNT, errno);
    if (b->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        give_up(b, ACCOUNT, errno);

    /* After the account, whose change clears it. Whoever lost the parent before this line was never told. */
    if (!b->outlive && (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent))
        give_up(b, PARENT, errno);
    if (chdir(b->folder) < 0)
        give_up(b, FOLDER, errno);

    struct sigaction standard = { .sa_handler = SIG_DFL };
    for (int number = 1; number < NSIG; number++)
        sigaction(number, &standard, 0);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    execve(b->executable, b->arguments, b->environment);
    give_up(b, PROGRAM, errno);
}

static __attribute__((noinline)) _Noreturn void leave_and_become(struct birth *b)
{
    /* A child of a child that is gone belongs to init. */
    struct clone_args again = { .flags = CLONE_VM | CLONE_VFORK | CLONE_FILES, .exit_signal = SIGCHLD };
    long pid = clone3(&again);
    if (pid == 0)
        become(b, 0);
    if (pid < 0)
        give_up(b, BIRTH, (int)-pid);
    b->pid = (int32_t)pid;
    _exit(0);
}

/* 0 where the kernel knows clone3. Early, while low descriptors are free. */
int holdfast_spawn_check(void)
{
    if (syscall(SYS_clone3, (void *)0, (size_t)0) < 0 && errno == ENOSYS)
        return ENOSYS;
    pthread_mutex_lock(&kept.taken);
    keep(); /* else the next birth tries it again */
    pthread_mutex_unlock(&kept.taken);
    return 0;
}

/* Returns when the program runs or has failed to; step is 0 where it runs. A child that failed is left to be reaped by its pidfd. */
void holdfast_spawn(struct birth *b)
{
    int pidfd = -1, parent = getpid(), dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
    struct clone_args arguments = {
        .flags = CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_PIDFD | (b->cgroup < 0 ? 0 : CLONE_INTO_CGROUP),
        .pidfd = (uint64_t)(uintptr_t)&pidfd,
        .exit_signal = SIGCHLD,
        .cgroup = b->cgroup < 0 ? 0 : (uint64_t)b->cgroup,
    };
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    b->step = b->error_number = b->pid = 0;
    pthread_mutex_lock(&kept.taken);
    int failed = keep();
    if (failed == 0)
        failed = set_standard(b->input, b->output, b->error);

    long pid = failed ? -failed : clone3(&arguments);
    if (pid == 0) {
        if (b->detach)
            leave_and_become(b);
        become(b, parent);
    }

    /* The reader of a pipe of its sees the end of it only when ours is closed. */
    if (kept.standard[2] >= 0)
        set_standard(kept.nothing, kept.nothing, kept.nothing);
    pthread_mutex_unlock(&kept.taken);

    /* A child that changed its account did it on our memory, and the kernel then decides anew who may read that. */
    if (dumpable != prctl(PR_GET_DUMPABLE, 0, 0, 0, 0))
        prctl(PR_SET_DUMPABLE, dumpable, 0, 0, 0);
    pthread_sigmask(SIG_SETMASK, &before, 0);
    b->pidfd = pidfd;
    if (pid < 0) {
        b->step = failed ? DESCRIPTORS : BIRTH;
        b->error_number = (int)-pid;
    } else if (!b->detach) {
        b->pid = (int32_t)pid;
    }
}
