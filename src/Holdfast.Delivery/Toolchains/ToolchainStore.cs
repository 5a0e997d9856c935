using System.Text;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Packaging.Content;
using Holdfast.Platform;

namespace Holdfast.Delivery.Toolchains;

/// <summary>
/// The toolchains of a user: a folder each, named after the digest of what it was made of, with a record, the list of its files, and, unless it was adopted, the
/// files. A folder with such a name is whole: it is made beside, synced and renamed.
/// </summary>
public sealed class ToolchainStore(ToolchainFolder folder, IToolchainDisk disk, TimeProvider time)
{
    private const string RecordFile = "toolchain.json";
    internal const string ListFile = "files.txt";
    private const string TreeFolder = "tree";
    private const UnixFileMode ReadByAll = DurableFile.OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>How long another command may hold the store.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>All, by version; of the same version the installed before the adopted. Or every damaged record.</summary>
    public Outcome<IReadOnlyList<InstalledToolchain>> List() => Guarded<IReadOnlyList<InstalledToolchain>>($"read {folder.Store}", () =>
    {
        if (!Directory.Exists(folder.Store)) return Array.Empty<InstalledToolchain>();
        var read = Directory.EnumerateDirectories(folder.Store)
            .Where(place => PackageDigest.FromFolderName(Path.GetFileName(place)) is not null)
            .Select(place => (Place: place, Read: ReadAt(place)))
            // Another command may remove one meanwhile.
            .Where(one => one.Read.IsOk || Directory.Exists(one.Place))
            .Select(one => one.Read)
            .ToList();
        var problems = read.SelectMany(one => one.Problems).ToList();
        if (problems.Count > 0) return problems;
        return read.Select(one => one.Value).OrderBy(one => one.Record.Version).ThenBy(one => one.Record.IsAdopted).ThenBy(one => one.Record.At).ToList();
    });

    /// <summary>Whether a folder lies in the store.</summary>
    public bool Has(string place) => Path.GetFullPath(place).StartsWith(folder.Store + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>What a GOROOT says that it is.</summary>
    public static Outcome<GoVersion> VersionAt(string root) => GoRoot.VersionOf(root);

    /// <summary>The toolchain of this archive, if it is here.</summary>
    public Outcome<InstalledToolchain>? Find(string digest) => Directory.Exists(folder.PlaceOf(digest)) ? ReadAt(folder.PlaceOf(digest)) : null;

    /// <summary>Fetches, verifies, unpacks and puts in place. One that is here already is answered as it is.</summary>
    /// <param name="platform"><c>linux/amd64</c></param>
    /// <param name="begin">Told the byte at which the download begins, if there is one.</param>
    public async Task<Outcome<InstalledToolchain>> InstallAsync(Mirror mirror, GoArchive archive, string platform, Action<long> begin, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(mirror);
        ArgumentNullException.ThrowIfNull(archive);
        var opened = await ChangeAsync(cancel).ConfigureAwait(false);
        if (!opened.TryGet(out var held)) return Outcome.Failed<InstalledToolchain>(opened.Problems);
        using (held)
        {
            var partial = folder.PartialOf(archive.Digest);
            if (Find(archive.Digest) is { } here) return here.Then(installed => WithoutDownload(installed, partial));
            var fetched = await new ArchiveDownload(disk, time).RunAsync(mirror, archive, partial, begin, cancel).ConfigureAwait(false);
            return fetched.Then(_ => Guarded($"install Go {archive.Version}", () =>
                Staged(stage => Unpack(archive, partial, stage, cancel).Then(tree => GoRoot.VersionOf(Path.Combine(stage, TreeFolder)).Then<ToolchainRecord>(said => said == archive.Version
                    ? Record(stage, new(archive.Version, platform, mirror.Name, archive.Digest, tree.Digest, time.GetUtcNow()), tree)
                    : new Problem(ProblemKind.Refused, "toolchain.other-version", $"{archive.FileName} is Go {said}, and the list says {archive.Version}")))).Then(installed => WithoutDownload(installed, partial))));
        }
    }

    /// <summary>Takes a Go of this machine as it is, in its place; all of it is recorded, so that a change is noticed. An earlier record of that place goes.</summary>
    /// <param name="root">Its GOROOT.</param>
    public async Task<Outcome<InstalledToolchain>> AdoptAsync(string root, string platform, CancellationToken cancel)
    {
        ArgumentException.ThrowIfNullOrEmpty(root);
        var opened = await ChangeAsync(cancel).ConfigureAwait(false);
        if (!opened.TryGet(out var held)) return Outcome.Failed<InstalledToolchain>(opened.Problems);
        using (held)
        {
            // GOROOT is one of ours where `holdfast env` has said so: its record would outlive it.
            if (Has(root)) return new Problem(ProblemKind.Conflict, "toolchain.own", $"{root} is a toolchain of this store already");
            return GoRoot.VersionOf(root)
                .Then(version => GoRoot.Confirm(root, version).Then(_ => TreeScan.Run(root, cancel)).Then(tree => Adopt(new(version, platform, root, null, tree.Digest, time.GetUtcNow()), tree)));
        }
    }

    /// <summary>Removes it from the store; of an adopted one only the record.</summary>
    public async Task<Outcome<Done>> RemoveAsync(InstalledToolchain toolchain, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(toolchain);
        var opened = await ChangeAsync(cancel).ConfigureAwait(false);
        if (!opened.TryGet(out var held)) return Outcome.Failed<Done>(opened.Problems);
        using (held) return Guarded($"remove {toolchain.Folder}", () => Discard(toolchain.Folder));
    }

    /// <summary>The version that is taken where a project says nothing; null: none was chosen.</summary>
    public Outcome<GoVersion?> Default() => Guarded($"read {folder.Default}", () =>
        File.Exists(folder.Default) ? GoVersion.Parse(File.ReadAllText(folder.Default).Trim(), new(folder.Default, 1, 1)).Then(version => Outcome.Of<GoVersion?>(version)) : Outcome.Of<GoVersion?>(null));

    public async Task<Outcome<Done>> UseAsync(GoVersion version, CancellationToken cancel)
    {
        var opened = await ChangeAsync(cancel).ConfigureAwait(false);
        if (!opened.TryGet(out var held)) return Outcome.Failed<Done>(opened.Problems);
        using (held) return DurableFile.Write(folder.Default, Encoding.UTF8.GetBytes($"{version}\n"), ReadByAll);
    }

    /// <summary>Takes the lock, and removes what a command that was killed left unfinished. Downloads stay: they go on.</summary>
    private async Task<Outcome<FileLock>> ChangeAsync(CancellationToken cancel)
    {
        var made = Guarded($"make {folder.Path}", () =>
        {
            disk.MakeFolder(folder.Downloads);
            disk.MakeFolder(folder.Store);
            return Outcome.Done;
        });
        if (!made.IsOk) return Outcome.Failed<FileLock>(made.Problems);
        var taken = await FileLock.TakeAsync(folder.Lock, Patience, time, cancel).ConfigureAwait(false);
        if (!taken.TryGet(out var held)) return taken;
        var swept = Guarded($"tidy {folder.Store}", () =>
        {
            foreach (var left in Directory.EnumerateDirectories(folder.Store).Where(place => place.EndsWith(DurableFolder.UnfinishedSuffix, StringComparison.Ordinal))) disk.DeleteFolder(left);
            return DurableFolder.Sweep(folder.Path);
        });
        if (swept.IsOk) return held;
        held.Dispose();
        return Outcome.Failed<FileLock>(swept.Problems);
    }

    private Outcome<InstalledToolchain> WithoutDownload(InstalledToolchain installed, string partial) => Guarded($"remove {partial}", () =>
    {
        disk.DeleteFile(partial);
        return Outcome.Of(installed);
    });

    private Outcome<TreeList> Unpack(GoArchive archive, string partial, string stage, CancellationToken cancel)
    {
        var tree = Path.Combine(stage, TreeFolder);
        disk.MakeFolder(tree);
        using var file = File.OpenRead(partial);
        return new ArchiveUnpacking(disk, tree, cancel).Run(file, archive.FileName.EndsWith(".zip", StringComparison.Ordinal));
    }

    private Outcome<InstalledToolchain> Adopt(ToolchainRecord record, TreeList tree) => Guarded($"adopt {record.From}", () =>
    {
        var listed = List();
        if (!listed.TryGet(out var all)) return Outcome.Failed<InstalledToolchain>(listed.Problems);
        var adopted = Find(record.Digest) ?? Staged(stage => Record(stage, record, tree));
        foreach (var earlier in all.Where(one => one.Record.IsAdopted && one.Record.From == record.From && one.Record.Digest != record.Digest)) adopted = adopted.Then(now => Discard(earlier.Folder).Then(_ => Outcome.Of(now)));
        return adopted;
    });

    private ToolchainRecord Record(string stage, ToolchainRecord record, TreeList tree)
    {
        Write(Path.Combine(stage, ListFile), tree.Text());
        Write(Path.Combine(stage, RecordFile), record.Text());
        return record;
    }

    /// <summary>Makes a folder beside, and gives it its name when all of it is on the disk. Where that fails nothing is left.</summary>
    private Outcome<InstalledToolchain> Staged(Func<string, Outcome<ToolchainRecord>> fill)
    {
        var stage = Path.Combine(folder.Store, $".{Guid.NewGuid():N}{DurableFolder.UnfinishedSuffix}");
        var kept = false;
        try
        {
            disk.MakeFolder(stage);
            var filled = fill(stage);
            if (!filled.TryGet(out var record)) return Outcome.Failed<InstalledToolchain>(filled.Problems);
            disk.SyncAll(stage);
            var place = folder.PlaceOf(record.Digest);
            disk.MoveFolder(stage, place);
            kept = true;
            disk.SyncFolder(folder.Store);
            return At(record, place);
        }
        finally
        {
            if (!kept) Forget(stage);
        }
    }

    /// <summary>What cannot be removed now is removed by the next command, and its failure would hide the one that led here.</summary>
    private void Forget(string stage)
    {
        try
        {
            if (Directory.Exists(stage)) disk.DeleteFolder(stage);
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            _ = failure;
        }
    }

    /// <summary>Its name goes first, so that nobody finds half of it.</summary>
    private Outcome<Done> Discard(string place)
    {
        if (!Directory.Exists(place)) return Outcome.Done;
        var leaving = Path.Combine(folder.Store, $".{Guid.NewGuid():N}{DurableFolder.UnfinishedSuffix}");
        disk.MoveFolder(place, leaving);
        disk.SyncFolder(folder.Store);
        disk.DeleteFolder(leaving);
        return Outcome.Done;
    }

    private void Write(string path, byte[] content)
    {
        using var file = disk.Create(path, executable: false);
        file.Write(content);
    }

    private static Outcome<InstalledToolchain> ReadAt(string place)
    {
        var file = Path.Combine(place, RecordFile);
        return Guarded($"read {file}", () => ToolchainRecord.Read(File.ReadAllBytes(file), file)).Then<InstalledToolchain>(record => At(record, place));
    }

    private static InstalledToolchain At(ToolchainRecord record, string place) => new(record, place, record.IsAdopted ? record.From : Path.Combine(place, TreeFolder));

    private static Outcome<T> Guarded<T>(string doing, Func<Outcome<T>> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return FileTrouble.From(failure, doing);
        }
    }
}
