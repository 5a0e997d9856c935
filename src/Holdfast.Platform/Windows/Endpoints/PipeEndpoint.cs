using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Endpoints;

/// <summary>
/// Named pipes under names made from paths. Whoever may connect has just the rights for that: not the one to make another instance of the
/// pipe, with which it could stand in for us (FILE_APPEND_DATA, which GENERIC_WRITE contains).
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class PipeEndpoint
{
    /// <summary>FILE_GENERIC_READ and FILE_GENERIC_WRITE without FILE_CREATE_PIPE_INSTANCE.</summary>
    public const uint ConnectRights = 0x12019b;

    private const string Prefix = @"\\.\pipe\";

    /// <summary>All instances are taken for a moment: the listener makes the next one as soon as one is.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Paths are the same whatever their case, and may be longer than the name of a pipe.</summary>
    public static string NameOf(string path) =>
        Prefix + "holdfast-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path).ToUpperInvariant())))[..32];

    public static Outcome<LocalConnection> Connect(string path) => Connect(NameOf(path), path);

    /// <param name="name">In full: <c>\\.\pipe\…</c>. Nothing else is opened, a file least of all.</param>
    public static Outcome<LocalConnection> ConnectTo(string name) => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        ? Connect(name, name)
        : new Problem(ProblemKind.Unavailable, "endpoint.nobody", $"{name} is no pipe of this machine.");

    /// <param name="shown">What it is called in a problem.</param>
    private static Outcome<LocalConnection> Connect(string name, string shown)
    {
        var until = BootClock.SinceBoot + Patience;
        while (true)
        {
            // The server learns who we are, and cannot act as us.
            var pipe = Kernel32.CreateFile(name, ConnectRights, 0, null, Kernel32.OPEN_EXISTING, Kernel32.FILE_FLAG_OVERLAPPED | Kernel32.SECURITY_SQOS_PRESENT | Kernel32.SECURITY_IDENTIFICATION, 0);
            if (!pipe.IsInvalid)
            {
                var server = PipePeer.Server(pipe);
                return new LocalConnection(Client(pipe), server);
            }

            var error = Win32Error.Last;
            pipe.Dispose();
            if (error == Win32Error.PIPE_BUSY && BootClock.SinceBoot < until)
            {
                Kernel32.WaitNamedPipe(name, 100);
                continue;
            }

            return error == Win32Error.ACCESS_DENIED
                ? new Problem(ProblemKind.Refused, "endpoint.no-right", $"This account may not connect to {shown}.")
                : new Problem(ProblemKind.Unavailable, "endpoint.nobody", $"Nobody answers at {shown}.") { Why = Win32Error.Describe(error) };
        }
    }

    private static NamedPipeClientStream Client(SafeFileHandle pipe)
    {
        var own = new SafePipeHandle(pipe.DangerousGetHandle(), ownsHandle: true);
        // One owner: the stream closes it from now on.
        pipe.SetHandleAsInvalid();
        return new(PipeDirection.InOut, isAsync: true, isConnected: true, own);
    }
}
