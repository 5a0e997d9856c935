using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>memfd_create(2).</summary>
[SupportedOSPlatform("linux")]
internal static class PosixMemoryFile
{
    public static SafeFileHandle Create(ReadOnlySpan<byte> content)
    {
        var handle = Descriptor.Own(Libc.MemoryFile("holdfast", Libc.MFD_CLOEXEC), "memfd_create");
        try
        {
            RandomAccess.Write(handle, content, 0);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }
}
