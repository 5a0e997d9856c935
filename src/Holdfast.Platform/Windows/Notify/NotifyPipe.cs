using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform.Windows.Accounts;
using Holdfast.Platform.Windows.Endpoints;
using Holdfast.Platform.Windows.Files;
using Holdfast.Platform.Windows.Native;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Platform.Windows.Notify;

/// <summary>
/// sd_notify over a named pipe: a service opens it, writes a message (READY=1) with one write, and closes it or keeps it. The pipe keeps
/// messages apart as datagrams are, and Windows says which process has connected. A shell can do it: <c>echo READY=1 &gt; %NOTIFY_SOCKET%</c>.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class NotifyPipe : NotifySocket
{
    private const uint PIPE_TYPE_MESSAGE = 4;
    private const uint PIPE_READMODE_MESSAGE = 2;

    /// <summary>A service that keeps more connections open than this has its next ones wait.</summary>
    private const int MostReaders = 16;

    private readonly string access;
    private readonly SafeWaitHandle signal;
    private readonly List<NotifyReader> readers = [];

    private NotifyPipe(string name, string access, SafeWaitHandle signal) => (Address, this.access, this.signal) = (name, access, signal);

    public override string Address { get; }

    /// <summary>An event: raised while there is something to be looked at.</summary>
    public override SafeHandle Handle => signal;

    public static new Outcome<NotifySocket> Create(string path, Account? owner)
    {
        var access = $"D:P(D;;GA;;;NU)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GA;;;{Sids.Own})" + (owner?.Sid is { } sid ? $"(A;;GW;;;{sid})" : "");
        var signal = Kernel32.CreateEvent(null, true, false, 0);
        if (signal.IsInvalid) return new Problem(ProblemKind.Failed, "notify.listen-failed", $"Cannot make the notify pipe of {path}: {Win32Error.Describe(Win32Error.Last)}");
        var notify = new NotifyPipe(PipeEndpoint.NameOf(path), access, signal);
        if (notify.Listen(Kernel32.FILE_FLAG_FIRST_PIPE_INSTANCE) is var error && error == 0) return notify;
        notify.Dispose();
        return new Problem(ProblemKind.Failed, "notify.listen-failed", $"Cannot make the notify pipe {notify.Address}: {Win32Error.Describe(error)}");
    }

    public override bool TryReceive(out NotifyMessage message, out int senderPid)
    {
        // Lowered first: whatever comes to its end after the look at it raises it again. But whatever is begun lowers it too, so the look
        // that finds nothing to be begun is the last one.
        Kernel32.ResetEvent(signal);
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var reader in readers)
            {
                if (!reader.GoOn(out var bytes)) continue;
                changed = true;
                if (bytes.IsEmpty)
                {
                    reader.Read();
                    continue;
                }

                (message, senderPid) = (NotifyMessage.Parse(Trimmed(bytes)), reader.SenderPid);
                reader.Read();
                // There may be more; who waits is to come again.
                Kernel32.SetEvent(signal);
                return true;
            }

            if (Tidy()) changed = true;
        }

        (message, senderPid) = (NotifyMessage.Parse([]), 0);
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (!disposing) return;
        readers.ForEach(reader => reader.Dispose());
        readers.Clear();
        signal.Dispose();
    }

    /// <summary>A shell's echo writes a blank and a carriage return at the end of a line, which are not meant.</summary>
    private static byte[] Trimmed(ReadOnlySpan<byte> message) =>
        Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(message).Split('\n').Select(line => line.TrimEnd())));

    /// <summary>Those that are over go, and there is one that listens.</summary>
    /// <returns>Whether one was made.</returns>
    private bool Tidy()
    {
        foreach (var over in readers.Where(reader => reader.State == ReaderState.Over).ToList())
        {
            readers.Remove(over);
            over.Dispose();
        }

        return readers.Count < MostReaders && readers.TrueForAll(reader => reader.State != ReaderState.Listening) && Listen(0) == 0;
    }

    private int Listen(uint first)
    {
        using var descriptor = new SecurityDescriptor(access);
        var attributes = descriptor.Attributes;
        var pipe = Kernel32.CreateNamedPipe(
            Address,
            Kernel32.PIPE_ACCESS_INBOUND | Kernel32.FILE_FLAG_OVERLAPPED | first,
            PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE | Kernel32.PIPE_REJECT_REMOTE_CLIENTS,
            Kernel32.PIPE_UNLIMITED_INSTANCES,
            0,
            NotifyMessage.MaxBytes,
            0,
            &attributes);
        if (pipe.IsInvalid) return Win32Error.Last;
        readers.Add(new(pipe, signal));
        return 0;
    }
}
