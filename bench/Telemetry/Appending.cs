using Holdfast.Core.Auditing;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Bench.Telemetry;

/// <summary>The node's audit log as the agent opens it, with a key, and writers that wait until their entry is on the disk.</summary>
internal static class Appending
{
    private static readonly TimeSpan WarmingUp = TimeSpan.FromSeconds(1);

    public static void Run(string folder, int entries, int writers)
    {
        var options = new AuditOptions { Node = "node-1", Redact = text => text, SyncFolder = DurableFolder.Sync, Signer = AuditSigner.FromPem(AuditSigner.NewPem()).Value };
        using var log = AuditLog.Open(folder, options, TimeProvider.System).Value;
        // What is opened first, and compiled while it runs, is no part of it.
        var warming = TimeProvider.System.GetTimestamp();
        for (var i = 0; TimeProvider.System.GetElapsedTime(warming) < WarmingUp; i++) Append(log, i);
        var began = TimeProvider.System.GetTimestamp();
        var threads = Enumerable.Range(0, writers).Select(_ => new Thread(() =>
        {
            for (var i = 0; i < entries / writers; i++) Append(log, i);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Console.WriteLine(FormattableString.Invariant($"{entries / writers * writers / TimeProvider.System.GetElapsedTime(began).TotalSeconds:0}"));
    }

    private static void Append(AuditLog log, int number) => _ = log.Append(new()
    {
        Actor = "alice (uid 1000)",
        Action = "restart",
        Target = $"service-{number}",
        Outcome = AuditOutcome.Intended,
        Operation = "8c1f0d6f2b6d4c7f9a3e5b7d9f1a3c5e",
        Details = new Dictionary<string, string> { ["release"] = "2" },
    }).Value;
}
