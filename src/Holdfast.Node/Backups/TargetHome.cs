using System.Globalization;
using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage.Sqlite;

namespace Holdfast.Node.Backups;

/// <summary>The place that a restored home takes: nothing, an empty folder, or a home that is moved aside. Nobody starts in it while this is held.</summary>
internal sealed class TargetHome : IDisposable
{
    private readonly Home home;
    private readonly IReadOnlyList<FileLock> locks;

    private TargetHome(Home home, IReadOnlyList<FileLock> locks)
    {
        this.home = home;
        this.locks = locks;
    }

    /// <summary>Of the store that was there, so that the restored one gets a higher one; 0: there was none.</summary>
    public long LastIncarnation => SqliteBackup.LastIdentity(home.Store)?.Incarnation ?? 0;

    /// <summary>Problems: <c>restore.in-use</c>, <c>restore.home-exists</c>.</summary>
    public static Outcome<TargetHome> Claim(Home home, bool moveAside, TimeProvider time)
    {
        if (File.Exists(home.Path)) return BackupProblems.HomeExists(home.Path);
        var held = new List<FileLock>();
        foreach (var path in IsUsed(home) ? Locks(home) : [])
        {
            var taken = FileLock.TryTake(path, time);
            if (taken.TryGet(out var one))
            {
                held.Add(one);
                continue;
            }

            held.ForEach(other => other.Dispose());
            return taken.Problems[0].Kind == ProblemKind.Conflict ? BackupProblems.HomeInUse(home.Path, taken.Problems[0].What) : Outcome.Failed<TargetHome>(taken.Problems);
        }

        var target = new TargetHome(home, held);
        if (!IsUsed(home) || moveAside) return target;
        target.Dispose();
        return BackupProblems.HomeExists(home.Path);
    }

    /// <summary>Puts the staged home in place, in one rename. Where the one before was moved to; empty: there was none.</summary>
    /// <param name="staged">Complete and synced.</param>
    /// <param name="now">For the name of what is moved aside.</param>
    /// <exception cref="IOException">It is on another volume, or somebody was faster; what was there is there.</exception>
    public string Replace(Home staged, DateTimeOffset now)
    {
        var aside = "";
        if (IsUsed(home))
        {
            aside = $"{home.Path.TrimEnd(Path.DirectorySeparatorChar)}.before-restore-{now.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}";
            Directory.Move(home.Path, aside);
        }
        else if (Directory.Exists(home.Path))
        {
            Directory.Delete(home.Path);
        }

        try
        {
            Directory.Move(staged.Path, home.Path);
        }
        catch when (aside.Length > 0)
        {
            Directory.Move(aside, home.Path);
            throw;
        }

        DurableFolder.Sync(Path.GetDirectoryName(home.Path.TrimEnd(Path.DirectorySeparatorChar))!);
        return aside;
    }

    public void Dispose()
    {
        foreach (var held in locks) held.Dispose();
    }

    /// <summary>Of the agent, and of each supervisor that has been there and its guard.</summary>
    private static IEnumerable<string> Locks(Home home)
    {
        var own = Directory.Exists(home.Supervisors) ? Directory.EnumerateDirectories(home.Supervisors).Select(folder => new SupervisorPlace(home, Path.GetFileName(folder))) : [];
        return own.Prepend(new SupervisorPlace(home)).Where(place => Directory.Exists(place.Folder)).SelectMany(place => new[] { place.Lock, place.GuardLock }).Prepend(home.AgentLock);
    }

    private static bool IsUsed(Home home) => Directory.Exists(home.Path) && Directory.EnumerateFileSystemEntries(home.Path).Any();
}
