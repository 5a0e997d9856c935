using System.Runtime.Versioning;
using System.Security.Cryptography;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Files;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Pipes;

/// <summary>
/// Windows' anonymous pipes cannot be waited for, so this is a named one under a name that nobody guesses: one instance, for which nobody
/// else could have laid claim to the name (first instance), closed to other accounts and to the network, and connected before anybody hears of
/// it. Our end is for overlapped use, the child's end is a plain one that waits, as programs expect of their stdout.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class OutputPipe
{
    private const string Prefix = @"\\.\pipe\holdfast-out-";

    public static Pipe Create(int wanted)
    {
        var name = $"{Prefix}{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(32, lowercase: true)}";
        using var descriptor = new SecurityDescriptor($"D:P(A;;GA;;;{Sids.Own})");
        var attributes = descriptor.Attributes;
        var read = Kernel32.CreateNamedPipe(
            name,
            Kernel32.PIPE_ACCESS_INBOUND | Kernel32.FILE_FLAG_OVERLAPPED | Kernel32.FILE_FLAG_FIRST_PIPE_INSTANCE,
            Kernel32.PIPE_REJECT_REMOTE_CLIENTS,
            1,
            0,
            (uint)wanted,
            0,
            &attributes);
        if (read.IsInvalid) throw Win32Error.Failure("make a pipe");
        var write = Kernel32.CreateFile(name, Kernel32.GENERIC_WRITE | Kernel32.FILE_READ_ATTRIBUTES, 0, null, Kernel32.OPEN_EXISTING, Kernel32.SECURITY_SQOS_PRESENT, 0);
        if (write.IsInvalid)
        {
            var error = Win32Error.Last;
            read.Dispose();
            throw Win32Error.Failure("open a pipe", error);
        }

        return new(new PipeReadEnd(read), new PipeWriteEnd(write), wanted);
    }
}
