/*
 * Loaded into our own programs by LD_PRELOAD, for tests only: sees every call by which they change the world (files of the home,
 * cgroups, sockets, births), counts those that a test is interested in, and at the n-th of them ends the process, or another one, or
 * answers as a bad disk would. What is wanted stands in a page that the test and all programs share (Injection.cs mirrors it), so
 * that nothing has to be started anew for it. The product knows nothing of this.
 *
 * The runtime asks dlsym for what it imports from libc, which would pass a preloaded library by: so dlsym is ours, too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum role { AGENT = 1, SUPERVISOR = 2, GUARD = 4, CLI = 8 };
enum action { COUNT = 0, KILL_BEFORE, KILL_AFTER, KILL_TORN, NO_SPACE, IO_ERROR, SHORT_WRITE };

struct page {
    uint32_t roles;        /* who is looked at; 0: nobody */
    uint32_t action;
    uint32_t at;           /* the first call that is acted on, from 1; 0: none */
    uint32_t until;        /* and the last */
    uint32_t count;        /* calls that matched so far */
    uint32_t fired;        /* and those that were acted on */
    uint32_t victim;       /* who is killed; 0: who makes the call */
    uint32_t trace;        /* matching calls are written to PAGE.trace */
    uint32_t record;       /* and with their data to PAGE.disk: a stream from which a disk can be made again */
    uint32_t sockets;      /* sends and connects are looked at as well */
    int64_t agent_clock;   /* nanoseconds by which the agent's wall clock is ahead */
    char kind[32];         /* patterns */
    char path[256];
    char step[256];        /* where it was acted on: kind, blank, path */
    uint32_t ended;        /* the process that is killed there */
};

static struct page *page;
static enum role role;
static pid_t self;
static char root[256];
static size_t root_length;
static int trace_file = -1, disk_file = -1;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ({ static __typeof__(&name) found; if (!found) found = (__typeof__(&name))real(#name); found; })

static void *(*real_dlsym)(void *, const char *);

static void *real(const char *name)
{
    if (!real_dlsym) {
        static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
        for (int i = 0; i < 3 && !real_dlsym; i++)
            real_dlsym = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    }
    return real_dlsym(RTLD_NEXT, name);
}

/* Of the C library, not ours. */
#define RAW(...) REAL(syscall)(__VA_ARGS__)

static int has_word(const char *words, size_t size, const char *word)
{
    for (size_t at = 0; at < size; at += strlen(words + at) + 1)
        if (strcmp(words + at, word) == 0)
            return 1;
    return 0;
}

static enum role own_role(void)
{
    char words[4096];
    int file = (int)RAW(SYS_openat, AT_FDCWD, "/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    long size = file < 0 ? 0 : RAW(SYS_read, file, words, sizeof words - 1);
    if (file >= 0)
        RAW(SYS_close, file);
    if (size <= 0)
        return 0;
    words[size] = 0;
    const char *second = words + strlen(words) + 1;
    if (strstr(words, "holdfast-supervisor"))
        return strcmp(second, "guard") == 0 ? GUARD : SUPERVISOR;
    return has_word(words, (size_t)size, "agent") && !has_word(words, (size_t)size, "start") ? AGENT : CLI;
}

static __attribute__((constructor)) void begin(void)
{
    const char *name = getenv("HOLDFAST_TEST_INJECT");
    const char *folder = getenv("HOLDFAST_TEST_ROOT");
    self = (pid_t)RAW(SYS_getpid);
    if (!name || !folder)
        return;
    snprintf(root, sizeof root, "%s", folder);
    root_length = strlen(root);
    role = own_role();
    int file = (int)RAW(SYS_openat, AT_FDCWD, name, O_RDWR | O_CLOEXEC);
    if (file < 0)
        return;
    void *mapped = mmap(0, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    RAW(SYS_close, file);
    if (mapped == MAP_FAILED)
        return;
    char beside[300];
    snprintf(beside, sizeof beside, "%s.trace", name);
    trace_file = (int)RAW(SYS_openat, AT_FDCWD, beside, O_WRONLY | O_APPEND | O_CLOEXEC);
    snprintf(beside, sizeof beside, "%s.disk", name);
    disk_file = (int)RAW(SYS_openat, AT_FDCWD, beside, O_WRONLY | O_APPEND | O_CLOEXEC);
    page = mapped;
}

/* A child on its way to a program of its own shares our memory: what it does is not ours. */
static int watching(void)
{
    return page && (page->roles & role) && (pid_t)RAW(SYS_getpid) == self;
}

/* Absolute, without anything that would have to be looked up: our programs give whole paths. */
static const char *absolute(int folder, const char *path, char *into, size_t size)
{
    if (path[0] == '/' || folder == AT_FDCWD)
        return path;
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, into, size - 1);
    if (length < 0)
        return path;
    snprintf(into + length, size - (size_t)length, "/%s", path);
    return into;
}

/* As the test names it: below the home, or from the home's cgroup on (holdfast-…/INSTANCE/…); null: not ours to look at. */
static const char *shown(const char *path)
{
    if (strncmp(path, root, root_length) == 0)
        return path[root_length] == '/' ? path + root_length + 1 : path[root_length] == 0 ? "." : 0;
    if (strncmp(path, "/sys/fs/cgroup/", 15) != 0)
        return 0;
    const char *ours = strstr(path, "/holdfast-");
    return ours ? ours + 1 : 0;
}

static int in_home(const char *path) { return strncmp(path, root, root_length) == 0; }

/* A pattern's * stops at a slash; alone it means all. */
static int matches(const char *pattern, const char *text)
{
    return strcmp(pattern, "*") == 0 || fnmatch(pattern, text, FNM_PATHNAME) == 0;
}

static const char *of_file(int file, char *into, size_t size)
{
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, into, size - 1);
    if (length <= 0)
        return 0;
    into[length] = 0;
    return into;
}

static _Noreturn void die(void)
{
    RAW(SYS_kill, self, SIGKILL);
    for (;;)
        pause();
}

static void kill_victim(void)
{
    if (page->victim == 0)
        die();
    RAW(SYS_kill, page->victim, SIGKILL);
}

/* What is to be done about this call; COUNT: nothing. */
static enum action judge(const char *kind, const char *path)
{
    if (!matches(page->kind, kind) || !matches(page->path, path))
        return COUNT;
    if (page->trace && trace_file >= 0) {
        char line[400];
        int length = snprintf(line, sizeof line, "%u %s %s\n", (unsigned)role, kind, path);
        if (length > 0)
            RAW(SYS_write, trace_file, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
    }
    uint32_t number = __atomic_add_fetch(&page->count, 1, __ATOMIC_SEQ_CST);
    if (page->at == 0 || number < page->at || number > page->until)
        return COUNT;
    snprintf(page->step, sizeof page->step, "%s %s", kind, path);
    page->ended = page->victim ? page->victim : (uint32_t)self;
    __atomic_add_fetch(&page->fired, 1, __ATOMIC_SEQ_CST);
    if (page->action == KILL_BEFORE)
        kill_victim();
    return page->action;
}

static void after(enum action action)
{
    if (action == KILL_AFTER)
        kill_victim();
}

static int refused(enum action action)
{
    if (action != NO_SPACE && action != IO_ERROR)
        return 0;
    errno = action == NO_SPACE ? ENOSPC : EIO;
    return 1;
}

/* One entry of the disk's stream: kind, offset, lengths, path, second path or data. One write, so entries never mix. */
static void record(char kind, const char *path, int64_t offset, const void *data, uint32_t length)
{
    if (disk_file < 0 || !in_home(path))
        return;
    path = shown(path);
    struct { uint32_t kind, path_length, data_length; int64_t offset; } __attribute__((packed)) head =
        { (uint32_t)kind, (uint32_t)strlen(path), length, offset };
    struct iovec parts[3] = { { &head, sizeof head }, { (void *)path, head.path_length }, { (void *)data, length } };
    RAW(SYS_writev, disk_file, parts, 3);
}

static void record_pair(char kind, const char *from, const char *to)
{
    if (in_home(to))
        record(kind, from, 0, shown(to), (uint32_t)strlen(shown(to)));
}

/* Whether a recording was on when the call began: it may be switched while it is under way. */
static int lock(void)
{
    int recording = page->record != 0;
    if (recording)
        pthread_mutex_lock(&one);
    return recording;
}

static void unlock(int locked)
{
    if (locked)
        pthread_mutex_unlock(&one);
}

/* Calls with a path: BEFORE(...) decides, then the call, then what is told of it. */
#define PATH_CALL(result, kind, folder, path, call, told) \
    char place_[512]; \
    const char *at_ = absolute(folder, path, place_, sizeof place_); \
    if (!watching() || !shown(at_)) return call; \
    enum action action_ = judge(kind, shown(at_)); \
    if (refused(action_)) return -1; \
    int locked_ = lock(); \
    result done_ = call; \
    int error_ = errno; \
    if (done_ >= 0 && locked_) { told; } \
    unlock(locked_); \
    after(action_); \
    errno = error_; \
    return done_;

static int open_call(int folder, const char *path, int flags, mode_t mode)
{
    if (!(flags & (O_CREAT | O_TRUNC)) || (flags & O_TMPFILE) == O_TMPFILE || !watching())
        return REAL(openat)(folder, path, flags, mode);
    PATH_CALL(int, "create", folder, path, REAL(openat)(folder, path, flags, mode),
        record(flags & O_TRUNC ? 'T' : 'C', at_, 0, 0, 0))
}

#define MODE(flags) ({ mode_t mode_ = 0; if ((flags) & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode_ = va_arg(more, mode_t); va_end(more); } mode_; })

int open(const char *path, int flags, ...) { mode_t mode = MODE(flags); return open_call(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { mode_t mode = MODE(flags); return open_call(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { mode_t mode = MODE(flags); return open_call(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { mode_t mode = MODE(flags); return open_call(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_call(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode); }

int rename(const char *from, const char *to)
{
    PATH_CALL(int, "rename", AT_FDCWD, to, REAL(rename)(from, to), record_pair('R', from, to))
}

int renameat2(int folder, const char *from, int there, const char *to, unsigned flags)
{
    PATH_CALL(int, "rename", there, to, (int)RAW(SYS_renameat2, folder, from, there, to, flags), record_pair('R', from, to))
}

int renameat(int folder, const char *from, int there, const char *to) { return renameat2(folder, from, there, to, 0); }

int link(const char *from, const char *to)
{
    PATH_CALL(int, "link", AT_FDCWD, to, REAL(link)(from, to), record_pair('L', from, to))
}

int symlink(const char *target, const char *path)
{
    PATH_CALL(int, "symlink", AT_FDCWD, path, REAL(symlink)(target, path), (void)0)
}

int unlink(const char *path)
{
    PATH_CALL(int, "unlink", AT_FDCWD, path, REAL(unlink)(path), record('U', at_, 0, 0, 0))
}

int unlinkat(int folder, const char *path, int flags)
{
    PATH_CALL(int, flags & AT_REMOVEDIR ? "rmdir" : "unlink", folder, path, REAL(unlinkat)(folder, path, flags), record(flags & AT_REMOVEDIR ? 'D' : 'U', at_, 0, 0, 0))
}

int rmdir(const char *path)
{
    PATH_CALL(int, "rmdir", AT_FDCWD, path, REAL(rmdir)(path), record('D', at_, 0, 0, 0))
}

int mkdir(const char *path, mode_t mode)
{
    PATH_CALL(int, "mkdir", AT_FDCWD, path, REAL(mkdir)(path, mode), record('M', at_, 0, 0, 0))
}

int mkdirat(int folder, const char *path, mode_t mode)
{
    PATH_CALL(int, "mkdir", folder, path, REAL(mkdirat)(folder, path, mode), record('M', at_, 0, 0, 0))
}

/* Calls with an open file: its name is asked of the kernel. */
static const char *named(int file, char *into, size_t size)
{
    const char *path = of_file(file, into, size);
    return path && shown(path) ? path : 0;
}

static int sync_call(const char *kind, int file, int (*call)(int))
{
    char name[512];
    const char *path = watching() ? named(file, name, sizeof name) : 0;
    if (!path)
        return call(file);
    enum action action = judge(kind, shown(path));
    if (refused(action))
        return -1;
    int locked = lock();
    int done = call(file), error = errno;
    if (done == 0 && locked) record('S', path, 0, 0, 0);
    unlock(locked);
    after(action);
    errno = error;
    return done;
}

int fsync(int file) { return sync_call("sync", file, REAL(fsync)); }
int fdatasync(int file) { return sync_call("sync", file, REAL(fdatasync)); }

static int cut_call(int file, off64_t length)
{
    char name[512];
    const char *path = watching() ? named(file, name, sizeof name) : 0;
    if (!path)
        return REAL(ftruncate64)(file, length);
    enum action action = judge("truncate", shown(path));
    if (refused(action))
        return -1;
    int locked = lock();
    int done = REAL(ftruncate64)(file, length), error = errno;
    if (done == 0 && locked) record('F', path, length, 0, 0);
    unlock(locked);
    after(action);
    errno = error;
    return done;
}

int ftruncate(int file, off_t length) { return cut_call(file, length); }
int ftruncate64(int file, off64_t length) { return cut_call(file, length); }

/* offset < 0: where the file stands. */
static ssize_t write_call(int file, const void *bytes, size_t length, off64_t offset)
{
    char name[512];
    const char *path = watching() ? named(file, name, sizeof name) : 0;
    if (!path)
        return offset < 0 ? REAL(write)(file, bytes, length) : REAL(pwrite64)(file, bytes, length, offset);
    enum action action = judge("write", shown(path));
    if (refused(action))
        return -1;
    if ((action == SHORT_WRITE || action == KILL_TORN) && length > 1)
        length /= 2;
    int locked = lock();
    ssize_t done = offset < 0 ? REAL(write)(file, bytes, length) : REAL(pwrite64)(file, bytes, length, offset);
    int error = errno;
    if (done > 0 && locked) {
        int64_t at = offset < 0 ? lseek(file, 0, SEEK_CUR) - done : offset;
        record('W', path, at, bytes, (uint32_t)done);
    }
    unlock(locked);
    if (action == KILL_TORN)
        kill_victim();
    after(action);
    errno = error;
    return done;
}

ssize_t write(int file, const void *bytes, size_t length) { return write_call(file, bytes, length, -1); }
ssize_t pwrite(int file, const void *bytes, size_t length, off_t offset) { return write_call(file, bytes, length, offset); }
ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t offset) { return write_call(file, bytes, length, offset); }

static ssize_t write_parts(int file, const struct iovec *parts, int count, off64_t offset)
{
    char name[512];
    if (!watching() || !named(file, name, sizeof name))
        return offset < 0 ? REAL(writev)(file, parts, count) : REAL(pwritev64)(file, parts, count, offset);
    /* Less than was asked for is a fair answer, and every part is a step. */
    ssize_t total = 0;
    for (int i = 0; i < count; i++) {
        ssize_t done = write_call(file, parts[i].iov_base, parts[i].iov_len, offset < 0 ? -1 : offset + total);
        if (done < 0)
            return total > 0 ? total : done;
        total += done;
        if ((size_t)done < parts[i].iov_len)
            break;
    }
    return total;
}

ssize_t writev(int file, const struct iovec *parts, int count) { return write_parts(file, parts, count, -1); }
ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) { return write_parts(file, parts, count, offset); }
ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t offset) { return write_parts(file, parts, count, offset); }

/* Sockets: what is told to the others. A broken one is the same as a process that is gone, which kills show; so nothing fails here. */
static enum action said(const char *kind)
{
    return watching() && page->sockets ? judge(kind, "socket") : COUNT;
}

ssize_t sendmsg(int socket, const struct msghdr *message, int flags)
{
    enum action action = said("send");
    ssize_t done = REAL(sendmsg)(socket, message, flags);
    after(action);
    return done;
}

ssize_t send(int socket, const void *bytes, size_t length, int flags)
{
    enum action action = said("send");
    ssize_t done = REAL(send)(socket, bytes, length, flags);
    after(action);
    return done;
}

int connect(int socket, const struct sockaddr *address, socklen_t length)
{
    enum action action = said("connect");
    int done = REAL(connect)(socket, address, length);
    after(action);
    return done;
}

/* native/holdfast_spawn.c: its first member is the program. */
struct birth { const char *executable; };
static void (*real_spawn)(struct birth *);

static void spawn(struct birth *birth)
{
    enum action action = watching() ? judge("birth", shown(birth->executable) ? shown(birth->executable) : "program") : COUNT;
    real_spawn(birth);
    after(action);
}

int kill(pid_t pid, int number)
{
    char name[32];
    snprintf(name, sizeof name, "signal %d", number);
    enum action action = number != 0 && pid != self && watching() ? judge("kill", name) : COUNT;
    int done = REAL(kill)(pid, number);
    after(action);
    return done;
}

/* How a service is told to end: there is no function for it in the C library that has to be had. */
long syscall(long number, ...)
{
    va_list more;
    va_start(more, number);
    long a = va_arg(more, long), b = va_arg(more, long), c = va_arg(more, long), d = va_arg(more, long), e = va_arg(more, long), f = va_arg(more, long);
    va_end(more);
    char name[32];
    snprintf(name, sizeof name, "signal %ld", b);
    enum action action = number == SYS_pidfd_send_signal && b != 0 && watching() ? judge("kill", name) : COUNT;
    long done = RAW(number, a, b, c, d, e, f);
    after(action);
    return done;
}

int clock_gettime(clockid_t clock, struct timespec *time)
{
    int done = REAL(clock_gettime)(clock, time);
    if (done == 0 && clock == CLOCK_REALTIME && page && role == AGENT && page->agent_clock != 0) {
        int64_t all = time->tv_nsec + page->agent_clock;
        time->tv_sec += all / 1000000000;
        time->tv_nsec = all % 1000000000;
    }
    return done;
}

#define OURS(name) { #name, (void *)&name }
static const struct { const char *name; void *function; } ours[] = {
    OURS(open), OURS(open64), OURS(openat), OURS(openat64), OURS(creat), OURS(rename), OURS(renameat), OURS(renameat2), OURS(link),
    OURS(symlink), OURS(unlink), OURS(unlinkat), OURS(rmdir), OURS(mkdir), OURS(mkdirat), OURS(fsync), OURS(fdatasync),
    OURS(ftruncate), OURS(ftruncate64), OURS(write), OURS(pwrite), OURS(pwrite64), OURS(writev), OURS(pwritev), OURS(pwritev64),
    OURS(sendmsg), OURS(send), OURS(connect), OURS(kill), OURS(syscall), OURS(clock_gettime),
};

void *dlsym(void *handle, const char *name)
{
    if (!real_dlsym)
        (void)real("dlsym");
    void *found = real_dlsym(handle, name);
    if (!found || !page)
        return found;
    if (strcmp(name, "holdfast_spawn") == 0) {
        real_spawn = (void (*)(struct birth *))found;
        return (void *)&spawn;
    }
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        if (strcmp(name, ours[i].name) == 0)
            return ours[i].function;
    return found;
}
