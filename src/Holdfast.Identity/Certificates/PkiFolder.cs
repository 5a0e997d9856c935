using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Identity.Certificates;

/// <summary>Changes in <see cref="Home.Pki"/>: one at a time, of whatever process, and in a folder that only its owner reads.</summary>
internal static class PkiFolder
{
    private static readonly TimeSpan LockWithin = TimeSpan.FromSeconds(5);

    public static async Task<Outcome<T>> LockedAsync<T>(Home home, TimeProvider time, Func<Outcome<T>> change, CancellationToken cancel)
    {
        // On Windows what is in a folder has its rights: the authority's key must never lie in one that others read.
        var folders = (Directory.Exists(home.Path) ? Outcome.Done : FolderRights.Ensure(home.Path, FolderRights.Public))
            .Then(_ => FolderRights.Ensure(home.Keys, FolderRights.OwnerOnly))
            .Then(_ => FolderRights.Ensure(home.Pki, FolderRights.OwnerOnly));
        if (!folders.IsOk) return Outcome.Failed<T>(folders.Problems);
        var locked = await FileLock.TakeAsync(home.PkiLock, LockWithin, time, cancel).ConfigureAwait(false);
        if (!locked.TryGet(out var held)) return Outcome.Failed<T>(locked.Problems);
        using (held) return change();
    }

    public static Outcome<Done> Write(string file, string text) => DurableFile.Write(file, Encoding.UTF8.GetBytes(text));
}
