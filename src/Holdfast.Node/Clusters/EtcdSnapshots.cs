using System.Globalization;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>Backups of the cluster's store that the node takes by itself, in the folder <c>etcd-snapshots</c> of the home: one an hour, the last day's.</summary>
public sealed class EtcdSnapshots(Home home, TimeProvider time)
{
    public const int Kept = 24;

    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    /// <summary>Nobody asked for it.</summary>
    private const string Actor = "holdfast agent";

    private const string Prefix = "etcd-", Extension = ".hfcluster", Form = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> List() => Directory.Exists(home.EtcdSnapshots)
        ? [.. Directory.EnumerateFiles(home.EtcdSnapshots).Where(file => TakenAt(file) is not null).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>How long until the next one is due; zero: it is.</summary>
    public TimeSpan DueIn()
    {
        if (List() is not [.., var last]) return TimeSpan.Zero;
        var due = TakenAt(last)!.Value + Every - time.GetUtcNow();
        // One of the future is of a clock that was put back.
        return due < TimeSpan.Zero || due > Every ? TimeSpan.Zero : due;
    }

    /// <summary>Takes one, and lets go of the oldest when there are more than <see cref="Kept"/>. Answers the file. Problems: <c>store.*</c>, <c>files.*</c>.</summary>
    public async Task<Outcome<string>> TakeAsync(EtcdOptions options, CancellationToken cancel)
    {
        var prepared = FolderRights.Ensure(home.EtcdSnapshots, FolderRights.OwnerOnly).Then(_ => DurableFolder.Sweep(home.EtcdSnapshots));
        if (!prepared.IsOk) return Outcome.Failed<string>(prepared.Problems);
        var path = Path.Combine(home.EtcdSnapshots, Prefix + time.GetUtcNow().UtcDateTime.ToString(Form, CultureInfo.InvariantCulture) + Extension);
        var taken = await ClusterBackup.TakeAsync(options, path, Actor, time, cancel);
        return taken.Then(_ => Prune()).Then(_ => Outcome.Of(path));
    }

    private Outcome<Done> Prune()
    {
        var pruned = Outcome.Done;
        foreach (var old in List().SkipLast(Kept)) pruned = pruned.Then(_ => DurableFile.Delete(old));
        return pruned;
    }

    private static DateTimeOffset? TakenAt(string file)
    {
        var name = Path.GetFileName(file);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Extension, StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(name[Prefix.Length..^Extension.Length], Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;
    }
}
