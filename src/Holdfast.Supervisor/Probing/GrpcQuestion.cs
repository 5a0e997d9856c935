using System.Text;
using Holdfast.Rpc.Wire;

namespace Holdfast.Supervisor.Probing;

/// <summary>
/// The one call of gRPC's health protocol: <c>grpc.health.v1.Health/Check</c>, in HTTP/2 without TLS. It is written in one go and its answer read up to the
/// end of the call; what a server says beside it (settings, windows) needs no word of ours for so short a time.
/// </summary>
/// <remarks>Source: grpc/grpc, doc/health-checking.md and doc/PROTOCOL-HTTP2.md.</remarks>
/// <param name="service">Its full name; empty: the server as a whole.</param>
internal sealed class GrpcQuestion(string service, string host) : ProbeQuestion
{
    private const string Path = "/grpc.health.v1.Health/Check";

    /// <summary>A name that is longer does not fit the one byte of its length.</summary>
    public const int MostName = 120;

    private const int MostAnswer = 64;

    /// <summary>Those that can be met, as gRPC numbers them.</summary>
    private const int NotFound = 5, Unimplemented = 12;

    /// <summary>HealthCheckResponse's field 1, its values, and what the server means by them.</summary>
    private const byte StatusField = 0x08, Serving = 1;

    private static readonly string[] Statuses = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    private readonly byte[] bytes = ShortFrames.Request(Path, Message(service), host);

    public override ReadOnlySpan<byte> Bytes => bytes;

    public override bool IsEnough(ReadOnlySpan<byte> answer) => answer.Length >= MostBytes || IsForeign(answer) || Read(answer).Ended;

    public override string? Judge(ReadOnlySpan<byte> answer)
    {
        if (answer.IsEmpty) return "it closed the connection without an answer";
        var seen = Read(answer);
        if (IsForeign(answer) || (!seen.Ended && seen.Frames == 0)) return "its answer is not gRPC";
        if (seen.Serving is { } serving)
            return serving == Serving ? null : $"it says {(serving < Statuses.Length ? Statuses[serving] : serving)}";
        if (seen.Http is { } http && http != 200) return $"HTTP status {http}, not gRPC";
        return seen.Grpc switch
        {
            NotFound => $"it has no service {(service.Length > 0 ? service : "\"\"")} (NOT_FOUND)",
            Unimplemented => "it does not answer grpc.health.v1 (UNIMPLEMENTED)",
            > 0 and var code => $"gRPC status {code}",
            _ when !seen.Ended => "it closed the connection in the middle of its answer",
            _ => "it ended the call without an answer",
        };
    }

    private static byte[] Message(string service)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(service.Length, MostName);
        // Field 1, a text; nothing at all where it is empty.
        byte[] body = service.Length == 0 ? [] : [0x0a, (byte)service.Length, .. Encoding.ASCII.GetBytes(service)];
        return [0, 0, 0, 0, (byte)body.Length, .. body];
    }

    /// <summary>Another protocol, such as HTTP/1.1 or TLS: HTTP/2 begins with a frame of settings.</summary>
    private static bool IsForeign(ReadOnlySpan<byte> answer) => answer.Length >= ShortFrames.HeadBytes && ShortFrames.Read(answer) is not { Type: ShortFrames.Settings, Stream: 0 };

    private static Seen Read(ReadOnlySpan<byte> answer)
    {
        var seen = new Seen();
        // How a message is cut into frames means nothing. The answer is seven bytes; a longer one is another.
        Span<byte> message = stackalloc byte[MostAnswer];
        var length = 0;
        while (answer.Length >= ShortFrames.HeadBytes && !seen.Ended)
        {
            var frame = ShortFrames.Read(answer);
            if (answer.Length < ShortFrames.HeadBytes + frame.Length) break;
            var content = Unpadded(frame.Type, frame.Flags, answer.Slice(ShortFrames.HeadBytes, frame.Length));
            answer = answer[(ShortFrames.HeadBytes + frame.Length)..];
            seen = seen.After(frame, content);
            if (frame is not { Type: ShortFrames.Data, Stream: ShortFrames.Stream } || length + content.Length > message.Length) continue;
            content.CopyTo(message[length..]);
            length += content.Length;
        }

        return seen with { Serving = StatusIn(message[..length]) };
    }

    private static ReadOnlySpan<byte> Unpadded(byte type, byte flags, ReadOnlySpan<byte> content)
    {
        if ((flags & ShortFrames.Padded) != 0 && type is ShortFrames.Headers or ShortFrames.Data)
            content = content.IsEmpty || content[0] >= content.Length ? default : content[1..^content[0]];
        // Five bytes of a priority that HTTP/2 no longer uses.
        return (flags & ShortFrames.Priority) == 0 || type != ShortFrames.Headers ? content : content.Length < 5 ? default : content[5..];
    }

    /// <summary>UNKNOWN is 0, which protobuf does not write.</summary>
    private static int? StatusIn(ReadOnlySpan<byte> data)
    {
        if (!ShortFrames.IsOneMessage(data)) return null;
        var message = data[ShortFrames.MessageHeaderBytes..];
        return message.IsEmpty ? 0 : message.Length >= 2 && message[0] == StatusField ? message[1] : null;
    }

    /// <summary>What frames have told.</summary>
    /// <param name="Frames">How many there were.</param>
    /// <param name="Serving">The answer itself.</param>
    /// <param name="Http">HTTP's status.</param>
    /// <param name="Grpc">gRPC's status.</param>
    /// <param name="Ended">Nothing more comes.</param>
    private readonly record struct Seen(int Frames, int? Serving, int? Http, int? Grpc, bool Ended)
    {
        public Seen After((int Length, byte Type, byte Flags, int Stream) frame, ReadOnlySpan<byte> content)
        {
            var next = this with { Frames = Frames + 1, Ended = frame.Type == ShortFrames.GoAway };
            if (frame.Stream != ShortFrames.Stream) return next;
            next = next with { Ended = frame.Type == ShortFrames.Reset || (frame.Type is ShortFrames.Headers or ShortFrames.Data && (frame.Flags & ShortFrames.EndStream) != 0) };
            return frame.Type == ShortFrames.Headers && ShortFrames.Status(content) is var (http, grpc) ? next with { Http = http ?? Http, Grpc = grpc ?? Grpc } : next;
        }
    }
}
