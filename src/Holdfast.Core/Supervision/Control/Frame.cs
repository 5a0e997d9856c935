namespace Holdfast.Core.Supervision.Control;

/// <summary>What a frame holds. Append only.</summary>
public enum FrameKind : byte
{
    /// <summary>The first frame of each side: <see cref="Control.Hello"/>.</summary>
    Hello = 1,

    /// <summary><see cref="Control.Request"/>, from the client.</summary>
    Request = 2,

    /// <summary><see cref="Control.Response"/>, to the request of the same id.</summary>
    Response = 3,

    /// <summary><see cref="Control.Change"/>, from the supervisor to who asked to watch.</summary>
    Change = 4,

    /// <summary>Bytes of a channel: an instance's stdin or terminal.</summary>
    Data = 5,

    /// <summary>The end of a channel.</summary>
    Close = 6,

    /// <summary>The kind of a frame was not understood; the payload is that kind, one byte. Nobody answers it.</summary>
    NotUnderstood = 7,

    /// <summary>What has become of the last <see cref="Data"/> of this channel: <see cref="Control.Taken"/>, from the supervisor.</summary>
    Taken = 8,
}

[Flags]
public enum FrameFlags : byte
{
    None = 0,

    /// <summary>More frames of this message follow.</summary>
    More = 1,

    /// <summary>Of <see cref="FrameKind.Data"/>: behind these bytes the stream ends.</summary>
    End = 2,
}

/// <summary>One frame. The payload is only valid until the reader is asked for the next one.</summary>
/// <param name="Channel">0 is the control channel; others are opened by requests.</param>
public readonly record struct Frame(FrameKind Kind, FrameFlags Flags, uint Channel, ReadOnlyMemory<byte> Payload);
