using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Hosting;

/// <summary>What a running node makes of certificates that change under it.</summary>
[SupportedOSPlatform("linux")]
public sealed class NodeCertificatesTests : IDisposable
{
    private static readonly PeerName Alice = new(PeerRole.Operator, "alice");

    private readonly Home home = new(Directory.CreateTempSubdirectory("hf-pki-").FullName);
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private readonly CertificateAuthority authority;

    public NodeCertificatesTests() => authority = new(home, clock);

    public void Dispose() => Directory.Delete(home.Path, recursive: true);

    [Fact]
    public async Task A_revocation_counts_at_once_and_only_for_who_is_revoked()
    {
        var certificates = await OpenAsync();
        using var alice = await IssueAsync(Alice);
        using var bob = await IssueAsync(new(PeerRole.Operator, "bob"));
        Assert.Null(certificates.Refuse(alice));

        Ok(await authority.RevokeAsync("alice", "left the team", default));

        Assert.Contains("revoked", certificates.Refuse(alice), StringComparison.Ordinal);
        Assert.Contains("left the team", certificates.Refuse(alice), StringComparison.Ordinal);
        Assert.Null(certificates.Refuse(bob));
    }

    [Fact]
    public async Task Without_a_register_that_can_be_read_nobody_is_taken()
    {
        var certificates = await OpenAsync();
        using var alice = await IssueAsync(Alice);
        var register = Path.Combine(home.Pki, "register.json");
        var good = File.ReadAllText(register);

        File.WriteAllText(register, "{}");
        Assert.Contains("not known which certificates are revoked", certificates.Refuse(alice), StringComparison.Ordinal);
        File.Delete(register);
        Assert.Contains("not known which certificates are revoked", certificates.Refuse(alice), StringComparison.Ordinal);
        File.WriteAllText(register, good);
        Assert.Null(certificates.Refuse(alice));
    }

    [Fact]
    public async Task A_certificate_that_ends_while_its_connection_is_open_is_not_taken_any_more()
    {
        var certificates = await OpenAsync();
        using var alice = await IssueAsync(Alice);
        clock.Advance(TimeSpan.FromDays(31));
        Assert.Contains("it ended on", certificates.Refuse(alice), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_leaves_the_former_certificate_in_force_and_a_renewed_one_is_shown_at_once()
    {
        var certificates = await OpenAsync();
        var before = certificates.Now().Certificate.SerialNumber;
        var file = Path.Combine(home.Pki, "node.pem");
        File.WriteAllText(file, "half");
        Assert.Equal(before, certificates.Now().Certificate.SerialNumber);

        File.Delete(file);
        var renewed = Ok(await authority.InitAsync("node-1", ["localhost"], default));
        Assert.Equal(renewed.Serial, certificates.Now().Certificate.SerialNumber);
    }

    [Fact]
    public async Task The_agent_renews_its_own_in_time_once_and_says_so_in_the_record()
    {
        await OpenAsync();
        using var audit = Ok(AuditLog.Open(home.Audit, AuditRedaction.Options("node-1"), clock));
        var renewal = new CertificateRenewal(home, new ChangeRecord(audit), clock, NullLogger.Instance);

        clock.Advance(TimeSpan.FromDays(59));
        Assert.False(await renewal.LookAsync(default));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.True(await renewal.LookAsync(default));
        Assert.False(await renewal.LookAsync(default));

        var said = AuditReader.Read(home.Audit, new()).Where(entry => entry.Action == "certs.renew").ToArray();
        Assert.Equal([AuditOutcome.Intended, AuditOutcome.Done], said.Select(entry => entry.Outcome));
        Assert.Equal(Ok(authority.NodeCertificate()).SerialNumber, said[1].Details["serial"]);
    }

    [Fact]
    public async Task Where_the_authority_is_elsewhere_nothing_is_renewed_and_nothing_recorded()
    {
        await OpenAsync();
        File.Delete(Path.Combine(home.Pki, "authority.key"));
        using var audit = Ok(AuditLog.Open(home.Audit, AuditRedaction.Options("node-1"), clock));
        clock.Advance(TimeSpan.FromDays(80));

        Assert.False(await new CertificateRenewal(home, new ChangeRecord(audit), clock, NullLogger.Instance).LookAsync(default));
        Assert.DoesNotContain(AuditReader.Read(home.Audit, new()), entry => entry.Action == "certs.renew");
    }

    private async Task<NodeCertificates> OpenAsync()
    {
        Ok(await authority.InitAsync("node-1", ["localhost"], default));
        return Ok(NodeCertificates.Open(home, clock, NullLogger.Instance));
    }

    private async Task<X509Certificate2> IssueAsync(PeerName peer) =>
        X509Certificate2.CreateFromPem(Ok(await authority.IssueAsync(peer, [], TimeSpan.FromDays(30), null, default)).Certificate);

    private static T Ok<T>(Outcome<T> outcome) => outcome.TryGet(out var value) ? value : throw new Xunit.Sdk.XunitException(string.Join("; ", outcome.Problems));
}
