using System.Buffers;
using System.Net.Sockets;
using Google.Protobuf;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Client;

/// <summary>
/// One reading call on the local socket for a process that makes no other: <c>holdfast ps</c>. The framework's HTTP/2 client answers
/// it as well, but its start is compiled anew in each process, and takes longer than all the rest together. What is not the plain answer
/// (a failure, a header in a form that our own server does not write) is not understood here, and asked again in the ordinary way.
/// </summary>
/// <remarks>Only for calls that change nothing: they may be made twice.</remarks>
public static class ShortCall
{
    /// <param name="socketPath">The server's.</param>
    /// <param name="method">A unary one.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="patience">For each read and write.</param>
    /// <returns>Null: ask in the ordinary way, which also says what is wrong.</returns>
    public static TResponse? TryAsk<TRequest, TResponse>(string socketPath, Method<TRequest, TResponse> method, TRequest request, TimeSpan patience)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        if (method.Kind != MethodKind.Unary) throw new ArgumentException($"{method.Path} is no unary method", nameof(method));
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.SendTimeout = socket.ReceiveTimeout = (int)patience.TotalMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            var body = new ArrayBufferWriter<byte>();
            MessageWriting.Write(body, request);
            if (body.WrittenCount > ShortFrames.MaxFrameBytes) return null;
            var sent = ShortFrames.Request(method.Path, body.WrittenSpan);
            for (var at = 0; at < sent.Length;) at += socket.Send(sent.AsSpan(at));
            return Answer(socket) is { } answer ? method.Response.ParseFrom(answer.AsSpan(MessageWriting.HeaderBytes)) : null;
        }
        catch (Exception e) when (e is SocketException or ArgumentException or InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>The one message with its header, of a call that ended well.</summary>
    private static byte[]? Answer(Socket socket)
    {
        var message = new ArrayBufferWriter<byte>();
        var head = new byte[ShortFrames.HeadBytes];
        var payload = new byte[ShortFrames.MaxFrameBytes];
        while (Fill(socket, head))
        {
            var frame = ShortFrames.Read(head);
            if (frame.Length > payload.Length || !Fill(socket, payload.AsSpan(0, frame.Length))) return null;
            var content = payload.AsSpan(0, frame.Length);
            if (frame.Stream != ShortFrames.Stream)
            {
                if (frame.Type == ShortFrames.Settings && (frame.Flags & ShortFrames.Ack) == 0) socket.Send(ShortFrames.SettingsTaken);
                if (frame.Type == ShortFrames.GoAway) return null;
                continue;
            }

            if (frame.Type == ShortFrames.Data && (frame.Flags & ShortFrames.Padded) == 0) message.Write(content);
            else if (frame.Type != ShortFrames.Headers || (frame.Flags & ShortFrames.EndHeaders) == 0) return null;
            if (message.WrittenCount > RpcLimits.MaxMessageBytes) return null;
            if ((frame.Flags & ShortFrames.EndStream) == 0) continue;
            return frame.Type == ShortFrames.Headers && ShortFrames.SaysOk(content) && ShortFrames.IsOneMessage(message.WrittenSpan) ? message.WrittenSpan.ToArray() : null;
        }

        return null;
    }

    private static bool Fill(Socket socket, Span<byte> into)
    {
        while (!into.IsEmpty)
        {
            var count = socket.Receive(into);
            if (count == 0) return false;
            into = into[count..];
        }

        return true;
    }
}
