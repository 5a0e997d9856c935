namespace Holdfast.Platform;

/// <summary>An account of the host, resolved to what the kernel wants.</summary>
/// <param name="Groups">All of them, the primary one included.</param>
public sealed record Account(string Name, uint UserId, uint GroupId, IReadOnlyList<uint> Groups);
