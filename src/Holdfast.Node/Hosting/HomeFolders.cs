using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Hosting;

/// <summary>Makes the folders of a home with the rights each needs. Services' accounts pass through the home, but see only their own.</summary>
internal static class HomeFolders
{
    public static Outcome<Done> Ensure(Home home)
    {
        (string Folder, UnixFileMode Mode)[] folders =
        [
            (home.Path, FolderRights.Public),
            (home.Packages, FolderRights.Public),
            (home.Instances, FolderRights.Public),
            (home.Run, FolderRights.Public),
            (home.Incoming, FolderRights.OwnerOnly),
            // A group that reads one service's output passes through it, and sees no other.
            (home.Output, FolderRights.OwnerAndGroup | UnixFileMode.OtherExecute),
            (home.Journal, FolderRights.OwnerAndGroup),
            (home.Streams, FolderRights.OwnerAndGroup),
            (home.AuditStream, FolderRights.OwnerAndGroup),
            (home.AgentStream, FolderRights.OwnerAndGroup),
            (home.Audit, FolderRights.OwnerAndGroup),
            (home.Supervisor, FolderRights.OwnerOnly),
            (home.Keys, FolderRights.OwnerOnly),
            (home.Policy, FolderRights.OwnerAndGroup),
        ];
        foreach (var (folder, mode) in folders)
        {
            if (FolderRights.Ensure(folder, mode) is { IsOk: false } failed)
                return failed;
            // Rights are set by now: what others can still write, others own.
            if (FileFactsReader.ReadEntry(folder) is not { WritableByOthers: false })
                return NotOurs(folder);
        }

        return Outcome.Done;
    }

    private static Problem NotOurs(string folder) => new(ProblemKind.Refused, "home.not-ours", $"{folder} belongs to another account.")
    {
        Why = "whoever owns it could replace what is in it, packages and keys included",
        Mend = "give it to the account that the agent runs under (chown -R), or choose another --home",
    };
}
