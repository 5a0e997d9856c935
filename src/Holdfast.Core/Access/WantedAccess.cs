namespace Holdfast.Core.Access;

/// <summary>Who is to have which rights in one area of a service; system, administrators and the node have all.</summary>
/// <param name="Area">One of <see cref="Areas"/>.</param>
/// <param name="Path">A file, or a folder with all that is in it.</param>
/// <param name="Account">What the service's account must have, and has at most.</param>
/// <param name="Others">What everybody may have; nobody must.</param>
public sealed record WantedAccess(string Area, string Path, AccessRights Account, AccessRights Others)
{
    /// <summary>Groups that the service's <c>access</c> names: what each must have, and has at most.</summary>
    public IReadOnlyList<NamedAccess> Groups { get; init; } = [];

    /// <summary>Folders and files in it that are areas of their own.</summary>
    public IReadOnlyList<string> But { get; init; } = [];

    /// <summary>The area is the program's, not the node's: it was there before, and others may put their files there.</summary>
    public bool IsOfHost { get; init; }
}
