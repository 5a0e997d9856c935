using Holdfast.Core.Access;

namespace Holdfast.Platform;

/// <summary>All that anybody is to have on a file or folder: whoever is not in it has nothing.</summary>
/// <param name="Mode">A folder's; a file that is not to be executed has the same without that.</param>
/// <param name="Owner">Null: stays as it is; on Windows, where new files are the administrators' or this process's account's, one of those.</param>
public sealed record FileRights(UnixFileMode Mode, Account? Owner = null)
{
    /// <summary>Who has an entry of his own; the files that are made in a folder later have it as well.</summary>
    public IReadOnlyList<NamedAccess> Named { get; init; } = [];
}
