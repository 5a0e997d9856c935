namespace Holdfast.Platform;

/// <summary>An account of the host, resolved to what the kernel wants.</summary>
/// <param name="UserId">On Windows the last part of its SID, which other accounts may have as well: compare <see cref="Sid"/>.</param>
/// <param name="Groups">All of them, the primary one included.</param>
public sealed record Account(string Name, uint UserId, uint GroupId, IReadOnlyList<uint> Groups)
{
    /// <summary>Windows' security identifier: <c>S-1-5-19</c>. Null elsewhere.</summary>
    public string? Sid { get; init; }

    /// <summary>Of the group that was asked for by name, on Windows; a group that an account merely has plays no part in its files' rights there.</summary>
    public string? GroupSid { get; init; }
}
