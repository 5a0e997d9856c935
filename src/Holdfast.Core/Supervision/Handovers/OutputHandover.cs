namespace Holdfast.Core.Supervision.Handovers;

/// <summary>The captured output of one instance: its counts, and the pipes that are read.</summary>
public sealed record OutputHandover
{
    public CaptureStatus Counts { get; init; } = new();

    public IReadOnlyList<StreamHandover> Streams { get; init; } = [];
}

/// <summary>One pipe in the middle of being read. What is still in the pipe stays there.</summary>
public sealed record StreamHandover
{
    /// <summary><c>stdout</c> or <c>stderr</c>.</summary>
    public required string Stream { get; init; }

    /// <summary>Our end of the pipe.</summary>
    public required int Descriptor { get; init; }

    /// <summary>The beginning of a line whose end has not come: UTF-8, not redacted.</summary>
    public byte[] Part { get; init; } = [];

    /// <summary>A piece of the present line is stored already.</summary>
    public bool MidLine { get; init; }

    /// <summary>How many lines of a private key may still come; 0: it is in the middle of none.</summary>
    public int PrivateKeyLines { get; init; }

    /// <summary>Of an output in another encoding: the bytes since the last newline, as they were read, from which the decoder's state follows.</summary>
    public byte[] Undecoded { get; init; } = [];

    /// <summary>Its capture failed by a bug of ours: it is read and counted as lost.</summary>
    public bool Failed { get; init; }
}
