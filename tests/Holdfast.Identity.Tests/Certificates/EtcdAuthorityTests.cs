using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;
using Holdfast.Testing.Clocks;

namespace Holdfast.Identity.Tests.Certificates;

/// <summary>The authority of a cluster's own etcd.</summary>
public sealed class EtcdAuthorityTests : IDisposable
{
    private readonly Home home = new(Directory.CreateTempSubdirectory("hf-etcd-").FullName);
    private readonly ManualClock clock = new();
    private readonly EtcdAuthority authority;

    public EtcdAuthorityTests() => authority = new(home, clock);

    public void Dispose() => Directory.Delete(home.Path, recursive: true);

    [Fact]
    public async Task It_is_another_than_the_apis_and_is_made_once()
    {
        await new CertificateAuthority(home, clock).InitAsync("node-1", ["node-1"], default);
        Ok(await authority.InitAsync("prod", default));
        var made = await File.ReadAllTextAsync(new EtcdPkiFiles(home).AuthorityCertificate);
        Assert.NotEqual(await File.ReadAllTextAsync(new PkiFiles(home).AuthorityCertificate), made);
        Ok(await authority.InitAsync("prod", default));
        Assert.Equal(made, await File.ReadAllTextAsync(new EtcdPkiFiles(home).AuthorityCertificate));
        Assert.All(Directory.GetFiles(new EtcdPkiFiles(home).Folder), file => Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == DurableFile.OwnerOnly));
    }

    [Fact]
    public async Task Members_and_clients_have_the_names_and_uses_that_etcd_looks_at_and_none_of_the_api()
    {
        Ok(await authority.InitAsync("prod", default));
        var member = Ok(authority.ForMember("node-1", ["node-1.example", "10.1.2.3"], CertificateAuthority.UsualLife));
        var client = Ok(authority.ForClient("node-1", CertificateAuthority.UsualLife));
        using var server = X509Certificate2.CreateFromPem(member.Server, member.Server);
        using var peer = X509Certificate2.CreateFromPem(member.Peer, member.Peer);
        using var own = X509Certificate2.CreateFromPem(client.Identity, client.Identity);

        Assert.True(server.MatchesHostname("node-1.example") && server.MatchesHostname("10.1.2.3") && server.MatchesHostname("127.0.0.1"));
        Assert.True(peer.MatchesHostname("10.1.2.3") && !peer.MatchesHostname("127.0.0.1"));
        Assert.Equal(EtcdAuthority.PeerCommonName, peer.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        Assert.Equal("node-1", own.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        Assert.DoesNotContain(own.Extensions, e => e is X509SubjectAlternativeNameExtension);
        Assert.Equal((true, false), (Uses(server, Server), Uses(server, Client)));
        Assert.Equal((true, true), (Uses(peer, Server), Uses(peer, Client)));
        Assert.Equal((false, true), (Uses(own, Server), Uses(own, Client)));
        Assert.All(new[] { server, peer, own }, one => Assert.Null(PeerName.Of(one)));
    }

    [Fact]
    public async Task What_comes_to_its_end_is_given_anew_under_its_names_where_the_authority_is()
    {
        Ok(await authority.InitAsync("prod", default));
        Ok(await authority.InstallAsync(Ok(authority.ForMember("node-1", ["10.1.2.3"], CertificateAuthority.UsualLife)), default));
        Ok(await authority.InstallAsync(Ok(authority.ForClient("node-1", CertificateAuthority.UsualLife)), default));
        var files = new EtcdPkiFiles(home);
        clock.Advance(TimeSpan.FromDays(59));
        Assert.Empty(authority.Due());
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal([files.Server, files.Peer, files.Client], authority.Due().Select(d => d.File));
        Ok(await authority.RenewAsync(default));
        Assert.Empty(authority.Due());
        using var server = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(files.Server));
        using var peer = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(files.Peer));
        Assert.True(server.MatchesHostname("10.1.2.3") && server.NotAfter.ToUniversalTime() > clock.GetUtcNow().AddDays(89));
        Assert.Equal(EtcdAuthority.PeerCommonName, peer.GetNameInfo(X509NameType.SimpleName, forIssuer: false));

        File.Delete(files.AuthorityKey);
        clock.Advance(TimeSpan.FromDays(80));
        Assert.Equal("etcd.no-authority", Assert.Single((await authority.RenewAsync(default)).Problems).Rule);
    }

    private const string Server = "1.3.6.1.5.5.7.3.1", Client = "1.3.6.1.5.5.7.3.2";

    private static bool Uses(X509Certificate2 certificate, string use) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single().EnhancedKeyUsages.Cast<System.Security.Cryptography.Oid>().Any(oid => oid.Value == use);

    private static T Ok<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.IsOk, string.Join("; ", outcome.Problems));
        return outcome.Value;
    }
}
