using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Core.Problems;
using Holdfast.Platform.Linux.Births;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>execve(2), with what it would lose kept: descriptors, and signals that come while nobody could act on them.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class PosixNextImage
{
    /// <summary>Those that would end an image which has no handler yet. The runtime needs the others.</summary>
    private static readonly int[] Asking = [Libc.SIGHUP, Libc.SIGINT, Libc.SIGQUIT, Libc.SIGUSR1, Libc.SIGUSR2, Libc.SIGTERM];

    public static Problem Become(
        string executable, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment, IReadOnlyList<SafeHandle> keep)
    {
        using var strings = new NativeStrings();
        var path = strings.Add(executable);
        var words = strings.Add(arguments.Prepend(executable));
        var variables = strings.Add(environment.Select(pair => $"{pair.Key}={pair.Value}"));
        Mask(Libc.SIG_BLOCK);
        foreach (var handle in keep) CloseAtExec(handle, yes: false);
        _ = Libc.Execute(path, words, variables);
        var errno = Errno.Last;
        foreach (var handle in keep) CloseAtExec(handle, yes: true);
        HearSignals();
        return new Problem(ProblemKind.Failed, "process.next-image", $"Cannot become {executable}: {Errno.Describe(errno)}.");
    }

    public static void HearSignals() => Mask(Libc.SIG_UNBLOCK);

    public static SafeFileHandle Take(int descriptor)
    {
        var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (CloseAtExec(handle, yes: true)) return handle;
        var errno = Errno.Last;
        handle.SetHandleAsInvalid();
        throw Errno.Failure($"take descriptor {descriptor}", errno);
    }

    private static bool CloseAtExec(SafeHandle handle, bool yes) => Libc.Control(handle, Libc.F_SETFD, yes ? Libc.FD_CLOEXEC : 0) >= 0;

    private static void Mask(int how)
    {
        // More than any C library's sigset_t.
        var set = stackalloc ulong[32];
        new Span<ulong>(set, 32).Clear();
        foreach (var signal in Asking) set[0] |= 1UL << (signal - 1);
        _ = Libc.MaskSignals(how, set, null);
    }
}
