using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;

namespace Holdfast.Platform.Linux.Births;

/// <summary>What posix_spawn does between clone and exec: a session, default signals, and which descriptors are there.</summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class SpawnActions : IDisposable
{
    /// <summary>More than any C library's posix_spawn_file_actions_t, posix_spawnattr_t (336 bytes in glibc) and sigset_t.</summary>
    private const nuint Room = 1024;

    public SpawnActions()
    {
        Actions = (byte*)NativeMemory.AllocZeroed(Room);
        Attributes = (byte*)NativeMemory.AllocZeroed(Room);
        _ = Libc.SpawnActionsInit(Actions);
        _ = Libc.SpawnAttributesInit(Attributes);
        _ = Libc.SpawnAttributesSetFlags(Attributes, Libc.POSIX_SPAWN_SETSIGDEF | Libc.POSIX_SPAWN_SETSIGMASK | Libc.POSIX_SPAWN_SETSID);
        var signals = stackalloc byte[(int)Room];
        new Span<byte>(signals, (int)Room).Clear();
        _ = Libc.SpawnAttributesSetMask(Attributes, signals);
        new Span<byte>(signals, (int)Room).Fill(0xFF);
        _ = Libc.SpawnAttributesSetDefault(Attributes, signals);
    }

    public byte* Actions { get; }

    public byte* Attributes { get; }

    public void Give(SafeHandle from, int to)
    {
        var errno = Libc.SpawnActionsDuplicate(Actions, (int)from.DangerousGetHandle(), to);
        if (errno != 0)
            throw Errno.Failure("posix_spawn_file_actions_adddup2", errno);
    }

    public void CloseFrom(int first)
    {
        try
        {
            _ = Libc.SpawnActionsCloseFrom(Actions, first);
        }
        catch (EntryPointNotFoundException)
        {
            // Before glibc 2.34: what we open is close-on-exec, so only what we inherited ourselves stays.
        }
    }

    public void Dispose()
    {
        _ = Libc.SpawnActionsDestroy(Actions);
        _ = Libc.SpawnAttributesDestroy(Attributes);
        NativeMemory.Free(Actions);
        NativeMemory.Free(Attributes);
    }
}
