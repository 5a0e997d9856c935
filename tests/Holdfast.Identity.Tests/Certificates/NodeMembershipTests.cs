using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;

namespace Holdfast.Identity.Tests.Certificates;

/// <summary>What a node that has joined has on its disk: all of it, or nothing.</summary>
public sealed class NodeMembershipTests : IDisposable
{
    private static readonly PeerName Name = new(PeerRole.Node, "node-2");

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("hf-member-");
    private readonly Home home;
    private readonly PkiFiles files;
    private readonly CertificateAuthority authority;
    private readonly NodeMembership membership;
    private readonly KeyRequest key = KeyRequest.Make(Name);

    public NodeMembershipTests()
    {
        home = new(Path.Combine(root.FullName, "home"));
        files = new(home);
        authority = new(new Home(Path.Combine(root.FullName, "authority")), TimeProvider.System);
        membership = new(home, TimeProvider.System);
    }

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task What_was_given_is_there_for_the_owner_alone_and_is_not_overwritten()
    {
        var made = await GrantAsync();
        Assert.True((await membership.WriteAsync(Name, key.Key, made.Certificate, made.Roots, "{}"u8.ToArray(), default)).IsOk);

        Assert.Equal(key.Key + made.Certificate, await File.ReadAllTextAsync(files.Node));
        Assert.Equal(made.Roots, await File.ReadAllTextAsync(files.Roots));
        Assert.Equal("{}", await File.ReadAllTextAsync(home.ClusterDocument));
        if (!OperatingSystem.IsWindows()) Assert.Equal(DurableFile.OwnerOnly, File.GetUnixFileMode(files.Node));
        Assert.Equal("node/node-2", PeerName.Of(new CertificateAuthority(home, TimeProvider.System).NodeCertificate().Value)?.ToString());

        var again = await membership.WriteAsync(Name, key.Key, made.Certificate, made.Roots, default, default);
        Assert.Equal("cluster.member", again.Problems.Single().Rule);
        Assert.Equal("cluster.member", new NodeMembership(new Home(Path.Combine(root.FullName, "authority")), TimeProvider.System).IsFree().Problems.Single().Rule);
    }

    [Fact]
    public async Task Who_has_joined_makes_no_authority_over_it()
    {
        var made = await GrantAsync();
        Assert.True((await membership.WriteAsync(Name, key.Key, made.Certificate, made.Roots, default, default)).IsOk);
        Assert.Equal("certs.joined", (await new CertificateAuthority(home, TimeProvider.System).InitAsync("node-2", ["localhost"], default)).Problems.Single().Rule);
        Assert.Equal(key.Key + made.Certificate, await File.ReadAllTextAsync(files.Node));
        Assert.Equal(made.Roots, await File.ReadAllTextAsync(files.Roots));
    }

    [Fact]
    public async Task What_is_anothers_or_no_certificate_is_not_written_down()
    {
        var made = await GrantAsync();
        foreach (var (name, pem, certificate, roots) in new[]
        {
            (new PeerName(PeerRole.Node, "node-3"), key.Key, made.Certificate, made.Roots),
            (Name, KeyRequest.Make(Name).Key, made.Certificate, made.Roots),
            (Name, key.Key, "nothing", made.Roots),
            (Name, key.Key, made.Certificate, ""),
        })
        {
            Assert.Equal("cluster.grant", (await membership.WriteAsync(name, pem, certificate, roots, "{}"u8.ToArray(), default)).Problems.Single().Rule);
            AssertNothing();
        }
    }

    [Fact]
    public async Task What_cannot_be_written_whole_leaves_nothing()
    {
        var made = await GrantAsync();
        Directory.CreateDirectory(files.Node);
        Assert.False((await membership.WriteAsync(Name, key.Key, made.Certificate, made.Roots, "{}"u8.ToArray(), default)).IsOk);
        Directory.Delete(files.Node);
        AssertNothing();
    }

    [Fact]
    public async Task A_name_is_given_to_a_second_node_only_when_the_first_ones_certificate_is_revoked()
    {
        await GrantAsync();
        Outcome<NewCertificate> second = await authority.AdmitNodeAsync("node-2", ["10.0.0.3"], KeyRequest.Make(Name).Request, default);
        Assert.Equal("cluster.name-taken", second.Problems.Single().Rule);
        Assert.True((await authority.RevokeAsync("node/node-2", "gone", default)).IsOk);
        Assert.True((await authority.AdmitNodeAsync("node-2", ["10.0.0.3"], KeyRequest.Make(Name).Request, default)).IsOk);
    }

    private async Task<NewCertificate> GrantAsync()
    {
        await authority.InitAsync("node-1", ["localhost"], default);
        return (await authority.AdmitNodeAsync("node-2", ["10.0.0.2"], key.Request, default)).Value;
    }

    private void AssertNothing()
    {
        Assert.False(File.Exists(home.ClusterDocument));
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(home.Pki), file => file.EndsWith(".pem", StringComparison.Ordinal));
    }
}
