/*
 * floor COMMAND…   the smallest parent there can be (vfork, exec, waitpid, again): what a supervisor takes beyond it is its own part.
 */
#include <stdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **command)
{
    if (count < 2)
        return 2;
    for (;;) {
        pid_t pid = vfork();
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            execv(command[1], command + 1);
            _exit(127);
        }
        if (pid < 0 || waitpid(pid, 0, 0) < 0) {
            perror("floor");
            return 1;
        }
    }
}
