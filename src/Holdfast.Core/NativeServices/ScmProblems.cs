using Holdfast.Core.Problems;

namespace Holdfast.Core.NativeServices;

/// <summary>The SCM's error numbers in words, with what to do. The number is in every one, as it is what people search for.</summary>
public static class ScmProblems
{
    private sealed record Entry(ProblemKind Kind, string Rule, string What, string Why, string Mend);

    private static readonly Dictionary<uint, Entry> Entries = new()
    {
        [WindowsError.FileNotFound] = new(ProblemKind.NotFound, "scm.no-executable", "the executable of NAME is not there", "the SCM found no file at its path", "look at its path (`service status NAME`), and at quotes around spaces; install it again"),
        [WindowsError.PathNotFound] = new(ProblemKind.NotFound, "scm.no-executable", "the folder of NAME's executable is not there", "the SCM found no such path, or its account may not see it", "look at its path (`service status NAME`); a mapped drive does not exist for services"),
        [WindowsError.AccessDenied] = new(ProblemKind.Refused, "scm.access-denied", "Windows refuses access to NAME", "only administrators change services, and a service's account must be able to read its executable", "run it in an elevated console; `acl show NAME` shows the rights on its files"),
        [WindowsError.BadExecutable] = new(ProblemKind.BadInput, "scm.bad-executable", "the executable of NAME is no program for this Windows", "it is for another processor, damaged, or no program at all", "publish it for this machine's architecture"),
        [WindowsError.DependentsRunning] = new(ProblemKind.Conflict, "scm.dependents-running", "other running services depend on NAME", "Windows does not stop a service before those that need it", "stop them first; `service status NAME` lists them"),
        [WindowsError.InvalidControl] = new(ProblemKind.Conflict, "scm.invalid-control", "NAME does not take this control", "a service tells which ones it takes in its present state; pause and reload only where its spec says how", "`service status NAME` shows its state; for a pause, add `windows.pause` to its spec and restart it"),
        [WindowsError.RequestTimeout] = new(ProblemKind.Failed, "scm.request-timeout", "NAME did not answer the SCM in time", "its process did not report within 30 s of its start, or its control handler did not return; a slow disk at boot and a missing runtime are the usual causes", "look at the event log and the service's output; start the executable by hand under the same account; as a last resort raise ServicesPipeTimeout"),
        [WindowsError.NoThread] = new(ProblemKind.Failed, "scm.no-thread", "no thread could be created for NAME", "the machine is short of memory or handles", "look at what takes them"),
        [WindowsError.DatabaseLocked] = new(ProblemKind.Conflict, "scm.database-locked", "the SCM's database is locked", "another start or installation is in progress", "try again in a moment"),
        [WindowsError.AlreadyRunning] = new(ProblemKind.Conflict, "scm.already-running", "NAME is already running", "it was started before, perhaps by Windows", "nothing is to be done; to start it anew: `service restart NAME`"),
        [WindowsError.InvalidAccount] = new(ProblemKind.BadInput, "scm.invalid-account", "the account of NAME is not known, or its password is wrong", "the SCM looks it up when the service is installed or edited", "write local accounts as .\\name, domain accounts as DOMAIN\\name, managed ones with $ at the end"),
        [WindowsError.Disabled] = new(ProblemKind.Refused, "scm.disabled", "NAME is disabled", "its startup type is Disabled, or it depends on a disabled service", "`service edit NAME --start-type manual`, after asking who disabled it"),
        [WindowsError.CircularDependency] = new(ProblemKind.BadInput, "scm.circular-dependency", "the dependencies of NAME lead back to itself", "none of them could start first", "remove one of them"),
        [WindowsError.NotInstalled] = new(ProblemKind.NotFound, "scm.not-installed", "NAME is not installed as a service", "the SCM knows no service of this name; the display name is another one", "`service list` shows the names"),
        [WindowsError.CannotAcceptControl] = new(ProblemKind.Conflict, "scm.cannot-accept-control", "NAME cannot take this control now", "it is starting or stopping, or a pause is being made or ended", "wait until it is through; `service status NAME` shows the step it is at"),
        [WindowsError.NotActive] = new(ProblemKind.Conflict, "scm.not-active", "NAME is not running", "only a running service takes controls", "`service start NAME`"),
        [WindowsError.NotRunByScm] = new(ProblemKind.BadInput, "scm.not-run-by-scm", "this process was not started by the SCM", "a native service's command line works only when Windows starts it", "`service start NAME`"),
        [WindowsError.ExceptionInService] = new(ProblemKind.Failed, "scm.exception-in-service", "NAME failed while it took a control", "an exception came out of its handler", "look at the event log and the service's output"),
        [WindowsError.NoDatabase] = new(ProblemKind.NotFound, "scm.no-database", "there is no such service database", "only ServicesActive exists", "leave the database's name out"),
        [WindowsError.ServiceSpecific] = new(ProblemKind.Failed, "scm.service-specific", "NAME ended with an exit code of its own", "the service-specific code is the exit code of its program", "`service status NAME` shows it; its output says why"),
        [WindowsError.ProcessAborted] = new(ProblemKind.Failed, "scm.process-aborted", "NAME ended unexpectedly", "its process was killed, crashed, or was never ready", "look at the service's output and the event log; `service status NAME` shows the reason"),
        [WindowsError.DependencyFailed] = new(ProblemKind.Failed, "scm.dependency-failed", "a service that NAME depends on did not start", "Windows starts dependencies first, and gives up when one fails", "start them one by one to find the one that fails; `service status NAME` lists them"),
        [WindowsError.LogonFailed] = new(ProblemKind.Refused, "scm.logon-failed", "NAME could not log on", "the password has changed or expired, which the SCM does not notice, or the account lacks the right to log on as a service", "`service edit NAME --account …` sets the password anew and grants the right; managed (gMSA) and virtual accounts have no password that expires"),
        [WindowsError.StartHung] = new(ProblemKind.Failed, "scm.start-hung", "NAME hung while it was starting", "it reported no progress within the time that it had promised itself", "look at its output; a dependency that it waits for is the usual cause"),
        [WindowsError.InvalidLock] = new(ProblemKind.Conflict, "scm.invalid-lock", "the lock of the SCM's database is not valid any more", "it was released by somebody else", "try again"),
        [WindowsError.MarkedForDelete] = new(ProblemKind.Conflict, "scm.marked-for-delete", "NAME is marked for deletion", "it goes when it has stopped and nobody holds it open any more", "stop it; close services.msc, Task Manager, Event Viewer and mmc on every session; it is gone then, or after a reboot"),
        [WindowsError.Exists] = new(ProblemKind.Conflict, "scm.exists", "a service named NAME exists already", "names are shared with all services of Windows", "choose another name, or `service edit NAME`"),
        [WindowsError.DependencyDeleted] = new(ProblemKind.Conflict, "scm.dependency-deleted", "a service that NAME depends on is not there or is marked for deletion", "Windows does not start what lacks a dependency", "install it, or `service edit NAME` without it"),
        [WindowsError.NeverStarted] = new(ProblemKind.Conflict, "scm.never-started", "NAME was not started since the machine was", "nobody has tried to", "`service start NAME`"),
        [WindowsError.DuplicateName] = new(ProblemKind.Conflict, "scm.duplicate-name", "the display name of NAME is another service's", "names and display names are unique together", "choose another display name"),
        [WindowsError.DifferentAccount] = new(ProblemKind.Conflict, "scm.different-account", "NAME's account is not that of the process it shares", "services in one process have one account", "give it a process of its own"),
        [WindowsError.ShutdownInProgress] = new(ProblemKind.Conflict, "scm.shutdown-in-progress", "the machine is shutting down", "nothing is started any more", "wait for it to come back"),
        [WindowsError.NoSuchPrivilege] = new(ProblemKind.BadInput, "scm.no-such-privilege", "a required privilege of NAME does not exist", "`whoami /priv` shows how they are written", "mend `windows.requiredPrivileges`"),
        [WindowsError.NotHeld] = new(ProblemKind.Refused, "scm.privilege-not-held", "the right to do this to NAME is missing", "a reboot as a recovery action needs the right to shut down", "run it in an elevated console, or without the reboot"),
    };

    /// <summary>Every number that has words.</summary>
    public static IReadOnlyCollection<uint> Known => Entries.Keys;

    /// <param name="error">What a call to the SCM failed with, or what a service ended with.</param>
    /// <param name="service">The name it was about.</param>
    public static Problem Explain(uint error, string service)
    {
        if (!Entries.TryGetValue(error, out var entry))
        {
            return new(ProblemKind.Failed, "scm.error", $"the SCM says error {error} about {service}")
            {
                Mend = $"`net helpmsg {error}` shows Windows's own words",
            };
        }

        return new(entry.Kind, entry.Rule, $"{Named(entry.What)} (error {error})") { Why = Named(entry.Why), Mend = Named(entry.Mend) };

        string Named(string text) => text.Replace("NAME", service, StringComparison.Ordinal);
    }
}
