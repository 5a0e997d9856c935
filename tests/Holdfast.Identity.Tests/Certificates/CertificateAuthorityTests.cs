using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;
using Holdfast.Testing.Clocks;

namespace Holdfast.Identity.Tests.Certificates;

public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly PeerName Alice = new(PeerRole.Operator, "alice");

    private readonly Home home = new(Directory.CreateTempSubdirectory("hf-pki-").FullName);
    private readonly ManualClock clock = new();
    private readonly CertificateAuthority authority;
    private readonly PkiFiles files;

    public CertificateAuthorityTests()
    {
        authority = new(home, clock);
        files = new(home);
    }

    public void Dispose() => Directory.Delete(home.Path, recursive: true);

    [Fact]
    public async Task The_node_has_a_certificate_of_its_authority_under_its_name_and_addresses()
    {
        var own = Ok(await authority.InitAsync("node-1", ["node-1.example", "10.1.2.3"], default));

        using var certificate = Ok(authority.NodeCertificate());
        Assert.Equal(new PeerName(PeerRole.Node, "node-1"), PeerName.Of(certificate));
        Assert.True(certificate.MatchesHostname("node-1.example") && certificate.MatchesHostname("10.1.2.3") && !certificate.MatchesHostname("node-2.example"));
        Assert.Equal(own.Serial, Assert.Single(Ok(authority.Register()).Issued).Serial);
        Assert.Null(WhyOpensslRefuses(files.Node, "sslserver"));
        Assert.Null(WhyOpensslRefuses(files.Node, "sslclient"));
    }

    [Fact]
    public async Task An_authority_is_never_made_over_another_and_an_interrupted_one_is_finished()
    {
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        var root = File.ReadAllText(files.AuthorityCertificate);
        Assert.Equal("certs.exist", (await authority.InitAsync("node-1", ["node-1.example"], default)).Problems.Single().Rule);

        File.Delete(files.Node);
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        Assert.Equal(root, File.ReadAllText(files.AuthorityCertificate));
        Assert.True(File.Exists(files.Node));

        File.Delete(files.AuthorityCertificate);
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        Assert.Null(WhyOpensslRefuses(files.Node, "sslserver"));
    }

    [Fact]
    public async Task What_somebody_is_given_is_one_file_that_other_tools_read_and_that_serves_to_call_only()
    {
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        var given = Ok(await authority.IssueAsync(Alice, [], TimeSpan.FromDays(30), null, default));
        var file = Path.Combine(home.Path, "alice.pem");
        File.WriteAllText(file, given.File);

        var read = Ok(IdentityFile.Read(file, clock.GetUtcNow()));
        using var own = X509Certificate2.CreateFromPem(read.Certificate, read.Key);
        Assert.Equal(Alice, PeerName.Of(own));
        Assert.Equal(clock.GetUtcNow().AddDays(30).UtcDateTime, own.NotAfter.ToUniversalTime(), TimeSpan.FromSeconds(1));
        Assert.Equal(File.ReadAllText(files.AuthorityCertificate).Trim(), read.Roots.Trim());
        Assert.Null(WhyOpensslRefuses(file, "sslclient"));
        Assert.NotNull(WhyOpensslRefuses(file, "sslserver"));
    }

    [Fact]
    public async Task A_requested_key_is_certified_as_the_authority_says_and_not_as_the_request_does()
    {
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        var asked = KeyRequest.Make(new(PeerRole.Admin, "mallory"));
        var given = Ok(await authority.IssueAsync(Alice, [], TimeSpan.FromDays(30), asked.Request, default));

        Assert.Null(given.Key);
        using var own = X509Certificate2.CreateFromPem(given.Certificate, asked.Key);
        Assert.Equal(Alice, PeerName.Of(own));
        Assert.Equal("CN=operator/alice", own.Subject);

        var file = Path.Combine(home.Path, "alice.pem");
        File.WriteAllText(file, given.File);
        Assert.Contains("alice.key is not there", IdentityFile.Read(file, clock.GetUtcNow()).Problems.Single().Why, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(home.Path, "alice.key"), asked.Key);
        Assert.Equal(asked.Key, Ok(IdentityFile.Read(file, clock.GetUtcNow())).Key);
    }

    [Fact]
    public async Task A_request_that_its_key_did_not_sign_or_with_a_weak_key_is_refused()
    {
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        var good = KeyRequest.Make(Alice).Request;
        var forged = Convert.FromBase64String(string.Concat(good.Split('\n').Where(line => !line.StartsWith('-'))));
        forged[^1] ^= 1;
        using var rsa = RSA.Create(1024);
        var weak = new CertificateRequest("CN=alice", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();

        foreach (var bad in new[] { PemEncoding.WriteString("CERTIFICATE REQUEST", forged), weak, "no request" })
            Assert.Equal("certs.request", (await authority.IssueAsync(Alice, [], TimeSpan.FromDays(30), bad, default)).Problems.Single().Rule);
        Assert.Single(Ok(authority.Register()).Issued);
    }

    [Fact]
    public async Task All_that_is_wrong_with_what_is_asked_for_is_said_at_once_and_nothing_is_given_out()
    {
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        var wrong = await authority.IssueAsync(new(PeerRole.Operator, "Alice"), ["one", "not a name"], TimeSpan.Zero, null, default);
        Assert.Equal(["certs.name", "certs.days", "certs.address", "certs.address"], wrong.Problems.Select(problem => problem.Rule));
        Assert.Equal("certs.address", (await authority.IssueAsync(new(PeerRole.Node, "node-2"), [], TimeSpan.FromDays(1), null, default)).Problems.Single().Rule);
        Assert.Single(Ok(authority.Register()).Issued);
    }

    [Fact]
    public async Task Renewed_is_another_key_under_the_same_name_for_as_long()
    {
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        Ok(await authority.IssueAsync(Alice, [], TimeSpan.FromDays(30), null, default));
        var before = File.ReadAllText(files.Node);
        clock.Advance(TimeSpan.FromDays(20));

        var own = Ok(await authority.RenewNodeAsync(default));
        var alice = Ok(await authority.RenewAsync("alice", null, default));

        Assert.Equal(["node-1.example"], own.Addresses);
        Assert.NotEqual(before, File.ReadAllText(files.Node));
        Assert.Equal(own.Serial, Ok(authority.NodeCertificate()).SerialNumber);
        Assert.Equal(clock.GetUtcNow().AddDays(30).UtcDateTime, alice.Entry.Until.UtcDateTime, TimeSpan.FromSeconds(1));
        Assert.Equal(4, Ok(authority.Register()).Issued.Count);
        Assert.Equal("certs.not-issued", (await authority.RenewAsync("bob", null, default)).Problems.Single().Rule);
    }

    [Fact]
    public async Task Nothing_is_given_out_that_is_not_in_the_register()
    {
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        File.Delete(files.Register);
        Directory.CreateDirectory(files.Register);
        Assert.False((await authority.IssueAsync(Alice, [], TimeSpan.FromDays(30), null, default)).IsOk);
    }

    [Fact]
    public async Task Where_there_is_no_authority_it_says_how_to_come_by_one()
    {
        foreach (var problem in new[]
        {
            (await authority.IssueAsync(Alice, [], TimeSpan.FromDays(30), null, default)).Problems.Single(),
            authority.Register().Problems.Single(),
            (await authority.RenewNodeAsync(default)).Problems.Single(),
        })
        {
            Assert.Equal(ProblemKind.NotFound, problem.Kind);
            Assert.Contains("holdfast certs init", problem.Mend, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_cannot_be_shown_is_refused_before_a_node_refuses_it()
    {
        var file = Path.Combine(home.Path, "x.pem");
        Assert.Equal("identity.not-there", IdentityFile.Read(file, clock.GetUtcNow()).Problems.Single().Rule);
        File.WriteAllText(file, "nothing");
        Assert.Equal("identity.file", IdentityFile.Read(file, clock.GetUtcNow()).Problems.Single().Rule);
    }

    [Fact]
    public async Task A_certificate_that_has_ended_is_named_with_its_end()
    {
        Ok(await authority.InitAsync("node-1", ["node-1.example"], default));
        var file = Path.Combine(home.Path, "alice.pem");
        File.WriteAllText(file, Ok(await authority.IssueAsync(Alice, [], TimeSpan.FromDays(1), null, default)).File);
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal("identity.ended", IdentityFile.Read(file, clock.GetUtcNow()).Problems.Single().Rule);
    }

    /// <summary>An independent judgement; null: it takes the certificate for this use.</summary>
    private string? WhyOpensslRefuses(string file, string use)
    {
        string[] arguments = ["verify", "-CAfile", files.AuthorityCertificate, "-purpose", use, "-attime", $"{clock.GetUtcNow().ToUnixTimeSeconds()}", file];
        using var openssl = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = openssl.StandardOutput.ReadToEnd() + openssl.StandardError.ReadToEnd();
        openssl.WaitForExit();
        return openssl.ExitCode == 0 ? null : said;
    }

    private static T Ok<T>(Outcome<T> outcome) => outcome.TryGet(out var value) ? value : throw new Xunit.Sdk.XunitException(string.Join("; ", outcome.Problems));
}
