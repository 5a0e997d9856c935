using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Services.Units;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux.Births;

/// <summary>native/holdfast_spawn.c: born in the container by clone3, with nothing shared and nothing leaked.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class NativeLauncher : ILauncher
{
    private const string Library = "holdfast-spawn";

    /// <summary>close_range came with it; clone3 into a cgroup is older.</summary>
    private static readonly Version OldestKernel = new(5, 9);

    private readonly bool protectedFromOutOfMemory = OwnOutOfMemoryScore() < 0;

    private NativeLauncher()
    {
    }

    public BirthWay Way => BirthWay.Native;

    public IReadOnlyList<string> NotEnforced => [];

    /// <param name="reason">Why there is none, in words.</param>
    public static bool TryCreate([NotNullWhen(true)] out NativeLauncher? launcher, [NotNullWhen(false)] out string? reason)
    {
        launcher = null;
        reason = null;
        if (Environment.OSVersion.Version < OldestKernel)
            reason = $"the kernel is older than {OldestKernel}";
        else if (!NativeLibrary.TryLoad("lib" + Library + ".so", typeof(NativeLauncher).Assembly, DllImportSearchPath.AssemblyDirectory, out _))
            reason = "libholdfast-spawn.so is not there (built without a C compiler) or is for another processor";
        else if (Check() != 0)
            reason = "clone3 is forbidden here (a container's seccomp filter)";
        else
            launcher = new();
        return reason is null;
    }

    public Birth Start(BirthRequest request)
    {
        var opened = new List<SafeFileHandle>();
        using var strings = new NativeStrings();
        var groups = request.Account?.Groups.ToArray() ?? [];
        try
        {
            var joins = new int[request.Joins.Count];
            for (var i = 0; i < joins.Length; i++)
            {
                if (!TryOpen(request.Joins[i] + "/cgroup.procs", Libc.O_WRONLY, opened, out joins[i]))
                    return Birth.Failed(BirthStep.Container, Errno.Last);
            }

            var cgroup = -1;
            if (request.Cgroup is { } folder && !TryOpen(folder, Libc.O_RDONLY | Libc.O_DIRECTORY, opened, out cgroup))
                return Birth.Failed(BirthStep.Container, Errno.Last);
            fixed (int* joinsAt = joins)
            fixed (uint* groupsAt = groups)
            fixed (byte* cpusAt = Mask(request.Cpus))
            {
                var native = new Request
                {
                    Executable = strings.Add(request.Executable),
                    Folder = strings.Add(request.Folder),
                    Arguments = strings.Add(request.Arguments.Prepend(request.Executable)),
                    Environment = strings.Add(request.Environment.Select(pair => $"{pair.Key}={pair.Value}")),
                    Groups = groupsAt,
                    Joins = joinsAt,
                    Cpus = cpusAt,
                    Files = request.Files ?? -1,
                    Core = request.CoreDumps ? -1 : 0,
                    GroupCount = groups.Length,
                    JoinCount = joins.Length,
                    Cgroup = cgroup,
                    Input = Number(request.Input),
                    Output = Number(request.Output),
                    Error = Number(request.Error),
                    ChangeAccount = request.Account is null ? 0 : 1,
                    User = request.Account?.UserId ?? 0,
                    Group = request.Account?.GroupId ?? 0,
                    NoNewPrivileges = request.NoNewPrivileges ? 1 : 0,
                    Niceness = request.Niceness,
                    ResetOutOfMemoryScore = protectedFromOutOfMemory ? 1 : 0,
                    Umask = BirthDefaults.Umask,
                    Outlive = request.Outlives || request.Detached ? 1 : 0,
                    Detach = request.Detached ? 1 : 0,
                };
                Spawn(&native);
                GC.KeepAlive(request);
                return Result(native, request.Detached);
            }
        }
        finally
        {
            opened.ForEach(handle => handle.Dispose());
        }
    }

    /// <summary>A bit for each CPU. Null: no mask.</summary>
    private static byte[]? Mask(string? cpus)
    {
        if (cpus is null)
            return null;
        var mask = new byte[(CpuSetText.Most + 1) / 8];
        foreach (var cpu in CpuSetText.Numbers(cpus) ?? [])
            mask[cpu / 8] |= (byte)(1 << (cpu % 8));
        return mask;
    }

    private static Birth Result(in Request native, bool detached)
    {
        var process = native.PidFd >= 0 ? new SafeFileHandle(native.PidFd, ownsHandle: true) : null;
        if (native.Step == 0 && !detached)
            return new(native.Pid, process, BirthStep.None, 0);
        // A child that failed, or one that only gave birth to the detached one, has ended or is just ending: this waits for that.
        if (process is not null)
            _ = Reaper.Reap(process, wait: true);
        process?.Dispose();
        return native.Step == 0 ? new(native.Pid, null, BirthStep.None, 0) : Birth.Failed((BirthStep)native.Step, native.ErrorNumber);
    }

    private static bool TryOpen(string path, int flags, List<SafeFileHandle> opened, out int descriptor)
    {
        descriptor = Libc.Open(path, flags | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
            return false;
        opened.Add(new(descriptor, ownsHandle: true));
        return true;
    }

    // The request keeps its handles alive until the call is over.
    private static int Number(SafeHandle handle) => (int)handle.DangerousGetHandle();

    private static int OwnOutOfMemoryScore() =>
        int.TryParse(ProcFile.ReadAll("/proc/self/oom_score_adj").AsSpan().Trim((byte)'\n'), out var score) ? score : 0;

    [LibraryImport(Library, EntryPoint = "holdfast_spawn_check")]
    private static partial int Check();

    [LibraryImport(Library, EntryPoint = "holdfast_spawn")]
    private static partial void Spawn(Request* request);

    /// <summary>struct birth</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Request
    {
        public byte* Executable;
        public byte* Folder;
        public byte** Arguments;
        public byte** Environment;
        public uint* Groups;
        public int* Joins;
        public byte* Cpus;
        public long Files;
        public long Core;
        public int GroupCount;
        public int JoinCount;
        public int Cgroup;
        public int Input;
        public int Output;
        public int Error;
        public int ChangeAccount;
        public uint User;
        public uint Group;
        public int NoNewPrivileges;
        public int Niceness;
        public int ResetOutOfMemoryScore;
        public uint Umask;
        public int Outlive;
        public int Detach;
        public int Pid;
        public int PidFd;
        public int Step;
        public int ErrorNumber;
    }
}
