using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Packages;

/// <summary>The admitted packages of a node. One agent at a time uses it (the agent's lock); its methods may be called from any thread.</summary>
public sealed class PackageStore
{
    private readonly Home home;
    private readonly TimeProvider time;
    private readonly Func<string, FileFacts?> look;

    private PackageStore(Home home, TimeProvider time, Func<string, FileFacts?> look)
    {
        this.home = home;
        this.time = time;
        this.look = look;
    }

    /// <summary>Opens the store of a home; creates its folders and the node key where they are missing.</summary>
    /// <param name="home">The node's home.</param>
    /// <param name="time">For the time of admission.</param>
    /// <param name="look">Absolute path → facts of the file or folder itself, without following links; null: not there.</param>
    public static Outcome<PackageStore> Open(Home home, TimeProvider time, Func<string, FileFacts?> look) => throw new NotImplementedException();

    /// <summary>Verifies a pushed file against the policy while unpacking it, and admits it. Idempotent: a package that is here already is answered as known.</summary>
    public Task<Outcome<AdmittedPackage>> AdmitAsync(string incomingFile, TrustPolicy policy, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>The package, or why there is none: not here, or its record is damaged.</summary>
    public Outcome<AdmittedPackage> Find(string digest) => throw new NotImplementedException();

    /// <summary>All packages whose record is good, by service and time of admission.</summary>
    public IReadOnlyList<AdmittedPackage> List() => throw new NotImplementedException();

    /// <summary>Removes every package whose digest is not kept; returns the digests of those removed.</summary>
    public Outcome<IReadOnlyList<string>> Collect(IReadOnlySet<string> keep) => throw new NotImplementedException();

    /// <summary>Removes what an interrupted push, admission or collection left behind. Called when the agent starts, before the first push.</summary>
    public Outcome<Done> SweepIncoming() => throw new NotImplementedException();

    /// <summary>Digests all files of a package again and, if they are what was admitted, binds the record to them as they are now (a restored backup).</summary>
    public Task<Outcome<AdmittedPackage>> RebindAsync(string digest, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>Digests a host executable, checks the digest against the policy's pin, and writes the record that starts are checked against.</summary>
    public Task<Outcome<HostExecutableRecord>> AdmitHostExecutableAsync(string path, TrustPolicy policy, CancellationToken cancel) => throw new NotImplementedException();
}
