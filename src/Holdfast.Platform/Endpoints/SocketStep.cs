namespace Holdfast.Platform;

public enum SocketState
{
    Done,

    /// <summary>Not yet: ask again when the handle is ready.</summary>
    Waiting,

    /// <summary>Nobody listens there.</summary>
    Refused,

    Failed,
}

/// <summary>What became of one call on a socket that does not wait.</summary>
/// <param name="Bytes">How many were sent or taken, with <see cref="SocketState.Done"/>.</param>
/// <param name="Problem">The operating system's words, with <see cref="SocketState.Failed"/>.</param>
public readonly record struct SocketStep(SocketState State, int Bytes = 0, string? Problem = null);
