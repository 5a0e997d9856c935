namespace Holdfast.Core.Access;

/// <summary>The rights of one file or folder, as the file system has them.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Entries">The owner's first. On POSIX systems an entry for a person decides before those for groups, and these before everybody's; on Windows all are added up.</param>
/// <param name="FirstDecides">Which of the two.</param>
public sealed record SeenAccess(string Path, IReadOnlyList<AccessEntry> Entries, bool FirstDecides);

/// <param name="Id">A SID; on POSIX systems <c>u:UID</c>, <c>g:GID</c>, or <c>o</c>: everybody else.</param>
/// <param name="Name">For people.</param>
public sealed record AccessEntry(string Id, string Name, AccessRights Rights)
{
    /// <summary>On POSIX systems.</summary>
    internal bool IsGroup => Id.StartsWith("g:", StringComparison.Ordinal);
}
