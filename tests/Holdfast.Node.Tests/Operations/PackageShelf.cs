using Holdfast.Node.Packages;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;

namespace Holdfast.Node.Tests.Operations;

/// <summary>Signed packages in a real package store, which tests of operations take from.</summary>
public sealed class PackageShelf : IDisposable
{
    private readonly TempFolder root = new();
    private readonly TestAuthority authority = new();
    private readonly Dictionary<string, string> digests = [];
    private readonly TimeProvider time;

    public PackageShelf(TimeProvider time)
    {
        this.time = time;
        Home = new(root["home"]);
        Store = PackageStore.Open(Home, time, FileFactsReader.ReadEntry).Value;
    }

    public Home Home { get; }

    public PackageStore Store { get; }

    /// <summary>The digest of an admitted package of the service, its spec the least there is and these lines.</summary>
    public async Task<string> PackageAsync(string service, string version = "1.0.0", string more = "")
    {
        var spec = $"apiVersion: holdfast/v1\nkind: Service\nname: {service}\nversion: {version}\ncommand: [bin/run]\n{more}";
        if (digests.TryGetValue(spec, out var known))
            return known;
        using TempFolder source = new();
        source.Write("holdfast.yaml", spec);
        source.Write("bin/run", "#!/bin/sh\n");
        var file = root[$"{Guid.NewGuid():n}.hfpkg"];
        Assert.True(SampleService.TryPack(source.Path, file) is { IsOk: true } packed, "not packed");
        using (var identity = authority.Issue().Identity)
            Assert.True(PackageSigner.Sign(file, identity, TestAuthority.Now).IsOk);
        var admitted = await Store.AdmitAsync(file, authority.Policy(), default);
        Assert.True(admitted.IsOk, string.Join("; ", admitted.Problems));
        return digests[spec] = admitted.Value.Digest;
    }

    public void Remove(string digest) => Assert.Contains(digest, Store.Collect(Store.List().Select(package => package.Digest).Where(other => other != digest).ToHashSet()).Value);

    public void Dispose()
    {
        root.Dispose();
        authority.Dispose();
    }
}
