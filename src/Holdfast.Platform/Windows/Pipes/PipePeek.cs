namespace Holdfast.Platform.Windows.Pipes;

/// <summary>What a pipe holds at this moment.</summary>
/// <param name="Available">Bytes that can be read.</param>
/// <param name="IsClosing">The other end is gone; what it wrote may still be there.</param>
/// <param name="IsEnded">The other end is gone, and all has been read.</param>
internal readonly record struct PipePeek(uint Available, bool IsClosing, bool IsEnded);
