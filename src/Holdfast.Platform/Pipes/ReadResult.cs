namespace Holdfast.Platform;

public enum ReadState
{
    /// <summary>There were bytes.</summary>
    Data,

    /// <summary>There is nothing now; there may be later.</summary>
    WouldBlock,

    /// <summary>Every write end is closed and all has been read.</summary>
    End,
}

/// <summary>What one read brought; Bytes is more than 0 with <see cref="ReadState.Data"/> only.</summary>
public readonly record struct ReadResult(ReadState State, int Bytes);
