namespace Holdfast.Platform;

/// <summary>Something can be read, or the other end is gone; both at once when the last bytes are still there.</summary>
/// <param name="Token">The number that the handle was added with.</param>
public readonly record struct ReadyEvent(long Token, bool Readable, bool HangUp);
