using System.Security.Cryptography.X509Certificates;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Clusters;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Hosting;

/// <summary>Renews this node's own certificate in time: by the authority in this home, or by the node of its cluster that has one. Where neither is, it says that somebody must.</summary>
internal sealed class CertificateRenewal(Home home, ChangeRecord record, TimeProvider time, ILogger log)
{
    /// <summary>In the record: nobody asked for it.</summary>
    private const string Actor = "holdfast agent";

    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    private readonly CertificateAuthority authority = new(home, time);

    /// <summary>Of a node of a cluster: how another node is asked. Null: there is none.</summary>
    public RenewalElsewhere? Elsewhere { get; init; }

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            await LookAsync(cancel);
            await Task.Delay(LookEvery, time, cancel);
        }
    }

    /// <summary>One look; true where it was renewed.</summary>
    internal async Task<bool> LookAsync(CancellationToken cancel)
    {
        var found = authority.NodeCertificate();
        if (!found.TryGet(out var certificate)) return false;
        var until = Utc(certificate.NotAfter);
        if (!CertificateLife.IsDue(certificate.NotBefore, certificate.NotAfter, time.GetUtcNow())) return false;
        if (!authority.IsHere && Elsewhere is null)
        {
            AgentLog.CertificateNotRenewed(log, until, $"its authority is not in {home.Pki}; renew it where that is");
            return false;
        }

        var renewed = await record.AroundAsync(
            Actor, "certs.renew", PeerName.Of(certificate)?.ToString() ?? certificate.Subject, Guid.NewGuid().ToString("n"), new Dictionary<string, string> { ["ends"] = until },
            () => authority.IsHere ? authority.RenewNodeAsync(cancel) : ElsewhereAsync(certificate, cancel),
            made => new Dictionary<string, string> { ["serial"] = made.Serial, ["until"] = Utc(made.Until) });
        if (renewed.TryGet(out var made)) AgentLog.CertificateRenewed(log, Utc(made.Until));
        else AgentLog.CertificateNotRenewed(log, until, string.Join("; ", renewed.Problems));
        return renewed.IsOk;
    }

    private async Task<Outcome<IssuedCertificate>> ElsewhereAsync(X509Certificate2 present, CancellationToken cancel) => PeerName.Of(present) is { } node
        ? await Elsewhere!.RenewAsync(node, cancel)
        : new Problem(ProblemKind.Conflict, "certs.not-ours", "This node's certificate is not of the cluster's authority.") { Mend = "renew it where it comes from" };

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("u", System.Globalization.CultureInfo.InvariantCulture);
}
