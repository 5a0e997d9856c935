using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Core.Supervision.Control;

namespace Holdfast.Platform;

/// <summary>
/// Frames over a local connection: one reader, any number of senders. A frame is sent whole or the connection is done for.
/// </summary>
public sealed class FrameConnection(Stream stream) : IDisposable
{
    private readonly FrameReader reader = new();
    private readonly SemaphoreSlim sending = new(1, 1);

    public FrameConnection(Socket socket)
        : this(new NetworkStream(socket, ownsSocket: true))
    {
    }

    public FrameConnection(LocalConnection connection)
        : this(connection.Stream)
    {
    }

    /// <summary>Why the stream cannot be read on; null while it can.</summary>
    public string? Fault => reader.Fault;

    /// <summary>The next frame, valid until the next call; null at the end of the connection or of its sense (<see cref="Fault"/>).</summary>
    public async ValueTask<Frame?> ReadAsync(CancellationToken cancel)
    {
        while (true)
        {
            if (reader.TryRead(out var frame)) return frame;
            if (reader.Fault is not null) return null;
            try
            {
                var count = await stream.ReadAsync(reader.GetMemory(), cancel).ConfigureAwait(false);
                if (count == 0) return null;
                reader.Advance(count);
            }
            catch (Exception failure) when (failure is IOException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    /// <summary>Sends one message as a frame; false when the connection is gone.</summary>
    public ValueTask<bool> SendAsync<T>(FrameKind kind, T message, JsonTypeInfo<T> type, CancellationToken cancel, uint channel = 0) =>
        SendAsync(FrameWriter.ToBytes(kind, JsonSerializer.SerializeToUtf8Bytes(message, type), channel), cancel);

    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancel)
    {
        await sending.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            // Not cancelled half-way: half a frame would spoil all that follow.
            await stream.WriteAsync(frame, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Null when the payload is not a message of that type.</summary>
    public static T? Parse<T>(Frame frame, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(frame.Payload.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Dispose() => stream.Dispose();
}
