using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Files;
using Holdfast.Platform.Windows.Native;
using Holdfast.Platform.Windows.Waiting;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Jobs;

/// <summary>
/// A Windows job object: whatever is born in it or by its members is in it, and nobody leaves it (no breakaway is allowed). When its last
/// handle closes, as when the process that holds it is terminated, everything in it is killed.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class JobObject : IJobApi, IDisposable
{
    /// <summary>What the processes of a job that we kill end with: the number of SIGKILL where exit codes are made of signals.</summary>
    public const uint KilledCode = 137;

    private JobObject(SafeFileHandle handle) => Handle = handle;

    public SafeFileHandle Handle { get; }

    /// <summary>Alive now. Windows keeps the count itself; its messages to a completion port may get lost.</summary>
    public int ActiveProcesses => (int)Accounting().ActiveProcesses;

    /// <summary>Made, or taken over where somebody still has it open.</summary>
    /// <param name="name">In the namespace of all sessions: <c>Global\…</c>. Null: nobody else finds it.</param>
    /// <exception cref="IOException">It is refused.</exception>
    public static JobObject Make(string? name)
    {
        // The system, administrators and our own account may look at it by its name.
        using var descriptor = new SecurityDescriptor($"O:{Sids.Own}D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;{Sids.Own})");
        var attributes = descriptor.Attributes;
        var handle = Kernel32.CreateJobObject(&attributes, name);
        var error = Win32Error.Last;
        if (handle.IsInvalid) throw Win32Error.Failure($"make the job object {name}", error);
        if (error != Win32Error.ALREADY_EXISTS || AccessList.IsOfTrusted(handle)) return new(handle);
        // Whoever has made it before us could end what is in it, or keep it alive.
        handle.Dispose();
        throw new IOException($"the job object {name} was made by another account");
    }

    /// <summary>To look at only; null: there is none of that name. While it is open, its job is not killed by its keeper's death: close it soon.</summary>
    public static JobObject? Find(string name) => Find(name, Kernel32.JOB_OBJECT_QUERY);

    /// <summary>To kill what is in it. Null: there is none of that name, or it is another account's.</summary>
    public static JobObject? FindToEnd(string name) => Find(name, Kernel32.JOB_OBJECT_QUERY | Kernel32.JOB_OBJECT_TERMINATE);

    public Kernel32.JobAccounting Accounting() => Accounting(this);

    public static Kernel32.JobAccounting Accounting(IJobApi job)
    {
        Kernel32.JobAccounting accounting = default;
        var error = job.Query(Kernel32.JobObjectBasicAccountingInformation, &accounting, sizeof(Kernel32.JobAccounting));
        return error == 0 ? accounting : throw Win32Error.Failure("read a job's accounting", error);
    }

    /// <summary>The PIDs alive in it.</summary>
    public IReadOnlyList<int> Members()
    {
        // JOBOBJECT_BASIC_PROCESS_ID_LIST: assigned, listed, and the list; more may be born between two questions.
        for (var room = 64; ; room *= 4)
        {
            var buffer = new nuint[room + 1];
            fixed (nuint* at = buffer)
            {
                var header = (uint*)at;
                var isWhole = Kernel32.QueryInformationJobObject(Handle, Kernel32.JobObjectBasicProcessIdList, at, (uint)(buffer.Length * sizeof(nuint)), null);
                if (!isWhole && Win32Error.Last != Win32Error.MORE_DATA) throw Win32Error.Failure("list a job's processes");
                if (isWhole && header[1] >= header[0]) return [.. buffer.Skip(1).Take((int)header[1]).Select(pid => (int)pid)];
            }
        }
    }

    /// <summary>Returns at once; harmless on an empty one.</summary>
    public void Kill() => Kernel32.TerminateJobObject(Handle, KilledCode);

    /// <summary>What happens in it leaves packets with that key.</summary>
    public void TellTo(CompletionPort port, nuint key)
    {
        var told = new Kernel32.JobPort { Key = key, Port = port.Handle.DangerousGetHandle() };
        if (!Kernel32.SetInformationJobObject(Handle, Kernel32.JobObjectAssociateCompletionPortInformation, &told, (uint)sizeof(Kernel32.JobPort)))
            throw Win32Error.Failure("join a job to a completion port");
    }

    public int Set(int kind, void* from, int length) => Kernel32.SetInformationJobObject(Handle, kind, from, (uint)length) ? 0 : Win32Error.Last;

    public int Query(int kind, void* into, int length) => Kernel32.QueryInformationJobObject(Handle, kind, into, (uint)length, null) ? 0 : Win32Error.Last;

    public void Dispose() => Handle.Dispose();

    private static JobObject? Find(string name, uint access)
    {
        var handle = Kernel32.OpenJobObject(access, false, name);
        if (!handle.IsInvalid) return new(handle);
        handle.Dispose();
        return null;
    }
}
