using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Operations;
using Holdfast.Platform;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Hosting;

/// <summary>Renews this node's own certificate in time, where the authority is in this home; elsewhere it says that somebody must.</summary>
internal sealed class CertificateRenewal(Home home, ChangeRecord record, TimeProvider time, ILogger log)
{
    /// <summary>In the record: nobody asked for it.</summary>
    private const string Actor = "holdfast agent";

    private static readonly TimeSpan LookEvery = TimeSpan.FromHours(1);

    private readonly CertificateAuthority authority = new(home, time);

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
        if (!authority.IsHere)
        {
            AgentLog.CertificateNotRenewed(log, until, $"its authority is not in {home.Pki}; renew it where that is");
            return false;
        }

        var renewed = await record.AroundAsync(
            Actor, "certs.renew", PeerName.Of(certificate)?.ToString() ?? certificate.Subject, Guid.NewGuid().ToString("n"), new Dictionary<string, string> { ["ends"] = until },
            () => authority.RenewNodeAsync(cancel),
            made => new Dictionary<string, string> { ["serial"] = made.Serial, ["until"] = Utc(made.Until) });
        if (renewed.TryGet(out var made)) AgentLog.CertificateRenewed(log, Utc(made.Until));
        else AgentLog.CertificateNotRenewed(log, until, string.Join("; ", renewed.Problems));
        return renewed.IsOk;
    }

    private static string Utc(DateTimeOffset at) => at.UtcDateTime.ToString("u", System.Globalization.CultureInfo.InvariantCulture);
}
