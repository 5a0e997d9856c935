using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Supervisors;

/// <summary>
/// The account that the SCM logs on for a package's native service, in a file that only administrators write: whoever talks to its supervisor
/// expects that account.
/// </summary>
internal static class NativeAccount
{
    /// <summary>Null: the node's own.</summary>
    public static string? Read(SupervisorPlace place)
    {
        try
        {
            return SharedFile.ReadAllText(place.LogOnAccount).Trim() is { Length: > 0 } account ? account : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public static Outcome<Done> Write(SupervisorPlace place, string? account)
    {
        if (account is null) return File.Exists(place.LogOnAccount) ? DurableFile.Delete(place.LogOnAccount) : Outcome.Done;
        if (Read(place) == account) return Outcome.Done;
        return FolderRights.Ensure(place.Home.Pins, FolderRights.Passage)
            .Then(_ => FolderRights.Ensure(place.Pins, FolderRights.OwnerOnly))
            .Then(_ => DurableFile.Write(place.LogOnAccount, Encoding.UTF8.GetBytes(account + "\n")));
    }

    public static void Forget(SupervisorPlace place)
    {
        if (Directory.Exists(place.Pins) && !File.Exists(place.Pin)) Directory.Delete(place.Pins, recursive: true);
    }
}
