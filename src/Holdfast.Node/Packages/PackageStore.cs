using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>The admitted packages of a node. One agent at a time uses it (the agent's lock); its methods may be called from any thread.</summary>
public sealed class PackageStore
{
    private readonly Home home;
    private readonly TimeProvider time;
    private readonly Func<string, FileFacts?> look;
    private readonly byte[] key;
    private readonly StoreFolder folder;
    private readonly Lock changes = new();
    private readonly List<IReadOnlySet<string>> holds = [];

    private PackageStore(Home home, TimeProvider time, Func<string, FileFacts?> look, byte[] key)
    {
        this.home = home;
        this.time = time;
        this.look = look;
        this.key = key;
        folder = new(home);
    }

    /// <summary>Opens the store of a home; creates its folders and the node key where they are missing.</summary>
    /// <param name="home">The node's home.</param>
    /// <param name="time">For the time of admission.</param>
    /// <param name="look">Absolute path → facts of the file or folder itself, without following links; null: not there (<see cref="FileFactsReader.ReadEntry"/>).</param>
    public static Outcome<PackageStore> Open(Home home, TimeProvider time, Func<string, FileFacts?> look)
    {
        ArgumentNullException.ThrowIfNull(home);
        return NodeKey.Open(home).Then(key => FolderRights.Ensure(home.Packages, FolderRights.Public)
            .Then(_ => FolderRights.Ensure(home.Incoming, FolderRights.OwnerOnly))
            .Then<PackageStore>(_ => new PackageStore(home, time, look, key)));
    }

    /// <summary>
    /// Verifies a pushed file against the policy while unpacking it, and admits it. Idempotent: a package that is here already is judged
    /// again and answered as known. The file stays; nothing else is left when it is refused.
    /// </summary>
    public Task<Outcome<AdmittedPackage>> AdmitAsync(string incomingFile, TrustPolicy policy, CancellationToken cancel) =>
        Task.Run(() => Guarded($"admit {incomingFile}", () => Admit(incomingFile, policy, cancel)), cancel);

    /// <summary>The package, or why there is none: not here, or its record is damaged. Its files are not looked at.</summary>
    public Outcome<AdmittedPackage> Find(string digest)
    {
        if (!PackageDigest.IsValid(digest)) return new Problem(ProblemKind.BadInput, "package.digest-form", $"'{digest}' is no digest of a package");
        return Guarded($"read the record of {digest}", () =>
        {
            var place = folder.Of(digest);
            var file = Path.Combine(place, AdmissionRecords.FileName);
            if (!File.Exists(file)) return new Problem(ProblemKind.NotFound, "package.not-here", $"the package {digest} is not on this node") { Mend = "push it again" };
            return AdmissionRecords.Open(File.ReadAllBytes(file), key).Then(record => Of(record, place, digest));
        });
    }

    /// <summary>Whether it was admitted and not removed since; its record and files are not looked at.</summary>
    public bool Has(string digest) => PackageDigest.IsValid(digest) && File.Exists(Path.Combine(folder.Of(digest), AdmissionRecords.FileName));

    /// <summary>All packages whose record is good, by service and time of admission.</summary>
    public IReadOnlyList<AdmittedPackage> List() =>
        [.. folder.Digests().Select(Find).Where(p => p.IsOk).Select(p => p.Value)
            .OrderBy(p => p.Service, StringComparer.Ordinal).ThenBy(p => p.Record.AdmittedAt)];

    /// <summary>Whether the package's files are still what was admitted: the check that every start makes.</summary>
    public Outcome<AdmittedPackage> Check(string digest) => Find(digest).Then(package =>
    {
        var problems = Admission.Check(package.Record, path => look(StagedPathOf(package.Folder, path)));
        return problems.Count == 0 ? package : Outcome.Failed<AdmittedPackage>(problems);
    });

    /// <summary>Removes every package whose digest is not kept; returns the digests of those removed. What is held stays.</summary>
    /// <param name="keep">What releases need.</param>
    /// <param name="spareSince">What was admitted after this time is spared: no release may name it yet. Looked at here, where no admission goes on beside it.</param>
    public Outcome<IReadOnlyList<string>> Collect(IReadOnlySet<string> keep, DateTimeOffset? spareSince = null) => Guarded<IReadOnlyList<string>>("remove packages", () =>
    {
        lock (changes)
        {
            var removed = folder.Digests()
                .Where(d => !keep.Contains(d) && !holds.Exists(held => held.Contains(d)) && !(Find(d).TryGet(out var package) && package.Record.AdmittedAt > spareSince))
                .ToList();
            removed.ForEach(folder.Remove);
            return removed;
        }
    });

    /// <summary>These packages are not collected until the answer is disposed: somebody reads them.</summary>
    public IDisposable Hold(IReadOnlySet<string> digests)
    {
        lock (changes)
            holds.Add(digests);
        return new Held(this, digests);
    }

    /// <summary>Removes what an interrupted push (but for what it can go on with), admission or removal left behind. Called when the agent starts, before the first push.</summary>
    public Outcome<Done> SweepIncoming() => Guarded("empty the incoming folder", () =>
    {
        lock (changes)
        {
            foreach (var file in Directory.EnumerateFiles(home.Incoming).Where(file => !file.EndsWith(PartialPushes.Extension, StringComparison.Ordinal))) File.Delete(file);
            new PartialPushes(home, time).Sweep();
            foreach (var inner in Directory.EnumerateDirectories(home.Incoming)) StoreFolder.Delete(inner);
            folder.Sweep();
            return DurableFolder.Sweep(folder.HostExecutables);
        }
    });

    /// <summary>Digests all files of a package again and, if they are what was admitted, binds the record to them as they are now (a restored backup).</summary>
    public Task<Outcome<AdmittedPackage>> RebindAsync(string digest, CancellationToken cancel) => Task.Run(() => Find(digest).Then(package =>
        Guarded($"digest the package {digest}", () =>
        {
            lock (changes)
            {
                StagedPackage place = new(package.Folder);
                return Rebinding.Run(place, package.Record, look, time.GetUtcNow(), cancel)
                    .Then(record => place.WriteRecord(record, key).Then<AdmittedPackage>(_ => package with { Record = record }));
            }
        })), cancel);

    /// <summary>Digests a host executable, checks the digest against the policy's pin, and writes the record that starts are checked against.</summary>
    public Task<Outcome<HostExecutableRecord>> AdmitHostExecutableAsync(string path, TrustPolicy policy, CancellationToken cancel) =>
        Task.Run(() => Guarded($"admit the host executable {path}", () => HostExecutableAdmission.Run(path, policy, look, time.GetUtcNow(), cancel)
            .Then(record => FolderRights.Ensure(folder.HostExecutables, FolderRights.Public)
                .Then(_ => DurableFile.Write(Path.Combine(folder.HostExecutables, HostExecutableRecord.FileNameFor(path)), record.Seal(key)))
                .Then<HostExecutableRecord>(_ => record))), cancel);

    private Outcome<AdmittedPackage> Admit(string file, TrustPolicy policy, CancellationToken cancel)
    {
        lock (changes)
        {
            var inspected = PackageReader.Inspect(file);
            if (!inspected.TryGet(out var info)) return Outcome.Failed<AdmittedPackage>(inspected.Problems);
            if (Check(info.Digest).TryGet(out var known))
                return PackageVerifier.Verify(file, policy, time.GetUtcNow(), cancel).Then<AdmittedPackage>(_ => known with { Known = true });

            StagedPackage staged = new(folder.NewStaged());
            try
            {
                staged.Create();
                return PackageVerifier.Unpack(file, policy, time.GetUtcNow(), staged.Open, cancel).Then(package => Complete(staged, package));
            }
            finally
            {
                StoreFolder.Delete(staged.Folder);
            }
        }
    }

    private Outcome<AdmittedPackage> Complete(StagedPackage staged, VerifiedPackage package)
    {
        staged.WriteDescription(package);
        return staged.CloseFolders()
            .Then(_ => RecordMaking.Of(package, path => look(staged.PathOf(path)), time.GetUtcNow()))
            .Then(record => staged.WriteRecord(record, key).Then(_ =>
            {
                folder.Put(staged.Folder, package.Digest);
                return Of(record, folder.Of(package.Digest), package.Digest);
            }));
    }

    private static string StagedPathOf(string place, string path) => new StagedPackage(place).PathOf(path);

    private static Outcome<AdmittedPackage> Of(AdmissionRecord record, string place, string digest) => record.Digest == digest
        ? new AdmittedPackage { Record = record, Folder = place }
        : new Problem(ProblemKind.Damaged, "admission.other-package", $"the record in {place} is of {record.Digest}") { Mend = "deploy the package again" };

    private static Outcome<T> Guarded<T>(string doing, Func<Outcome<T>> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, doing);
        }
    }

    private sealed class Held(PackageStore store, IReadOnlySet<string> digests) : IDisposable
    {
        public void Dispose()
        {
            lock (store.changes)
                store.holds.Remove(digests);
        }
    }
}
