using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Holdfast.Core.Shipping;
using Holdfast.Telemetry.Shipping;

namespace Holdfast.Telemetry.Sinks.Lines;

/// <summary>
/// Events as lines of JSON over TCP or TLS, as Logstash (json_lines), Vector, Fluent Bit and rsyslog read them. The receiver says nothing: delivered is what its machine has acknowledged, where
/// the system tells (Linux), or what was sent. What the receiver itself loses of that, nobody counts; where that matters, use a sink that answers.
/// </summary>
/// <param name="host">Name or address.</param>
/// <param name="port">Of the receiver.</param>
/// <param name="tls">Whom to believe; null: in the clear.</param>
/// <param name="time">For its patience.</param>
public sealed class LinesSink(string host, int port, SslClientAuthenticationOptions? tls, TimeProvider time) : ISink
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), LookAgain = TimeSpan.FromMilliseconds(1);

    private Socket? socket;
    private Stream? stream;

    public async Task<Delivery> DeliverAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(asked);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            if (IsGone()) Close();
            if (stream is null) await ConnectAsync(either.Token);
            await WriteAsync(batch, asked, either.Token);
            await AcknowledgedAsync(either.Token);
            return Delivery.All.Of;
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            // How much of it has arrived is not known: the next connection begins with the whole batch again.
            Close();
            return new Delivery.Nothing(patience.IsCancellationRequested ? $"{host}:{port} took nothing for {Patience.TotalSeconds:0} s" : $"{host}:{port}: {e.Message}");
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private async Task ConnectAsync(CancellationToken cancel)
    {
        var made = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket = made;
        made.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        await made.ConnectAsync(host, port, cancel);
        var plain = new NetworkStream(made, ownsSocket: true);
        stream = plain;
        if (tls is null) return;
        var secured = new SslStream(plain, leaveInnerStreamOpen: false);
        stream = secured;
        await secured.AuthenticateAsClientAsync(tls, cancel);
    }

    private async Task WriteAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        if (asked.Count == batch.Events.Count)
        {
            await stream!.WriteAsync(batch.Lines, cancel);
        }
        else
        {
            foreach (var index in asked)
            {
                var at = batch.Events[index];
                await stream!.WriteAsync(batch.Lines.Slice(at.Start, at.Length), cancel);
            }
        }

        await stream!.FlushAsync(cancel);
    }

    /// <summary>A receiver that has ended the connection has not read what is sent after it, and writing once would not tell.</summary>
    private bool IsGone() => socket is { } known && known.Poll(0, SelectMode.SelectRead) && known.Available == 0;

    /// <summary>Nothing waits to be acknowledged any more.</summary>
    private async Task AcknowledgedAsync(CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux()) return;
        while (Unacknowledged(socket!)) await Task.Delay(LookAgain, time, cancel);

        if (IsGone()) throw new IOException("the receiver has ended the connection");
    }

    /// <summary>By tcp(7), TCP_INFO: <c>tcpi_unacked</c> (packets) and <c>tcpi_notsent_bytes</c> of linux/tcp.h.</summary>
    private static bool Unacknowledged(Socket socket)
    {
        const int level = 6, option = 11, unacked = 24, notSent = 144;
        Span<byte> info = stackalloc byte[232];
        var length = socket.GetRawSocketOption(level, option, info);
        return length >= unacked + sizeof(uint) && (BitConverter.ToUInt32(info[unacked..]) > 0 || (length >= notSent + sizeof(uint) && BitConverter.ToUInt32(info[notSent..]) > 0));
    }

    private void Close()
    {
        stream?.Dispose();
        socket?.Dispose();
        (stream, socket) = (null, null);
    }
}
