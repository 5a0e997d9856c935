using System.Runtime.Versioning;
using Holdfast.Platform.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Linux;

/// <summary>Small files of the kernel's, read without a stream: what is there may be gone at any moment, and that is an answer.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class ProcFile
{
    /// <summary>The part of <paramref name="into"/> that was filled; empty when there is no such file (any more).</summary>
    public static ReadOnlySpan<byte> Read(string path, Span<byte> into)
    {
        var descriptor = Libc.Open(path, Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
        if (descriptor < 0)
            return [];
        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        var filled = 0;
        fixed (byte* at = into)
        {
            while (filled < into.Length)
            {
                var count = Libc.Read(file, at + filled, (nuint)(into.Length - filled));
                if (count <= 0)
                    break;
                filled += (int)count;
            }
        }

        return into[..filled];
    }

    /// <summary>All of a file that may be long; empty when it is gone.</summary>
    public static byte[] ReadAll(string path)
    {
        for (var size = 4096; ; size *= 4)
        {
            var buffer = new byte[size];
            var length = Read(path, buffer).Length;
            if (length < size)
                return buffer[..length];
        }
    }
}
