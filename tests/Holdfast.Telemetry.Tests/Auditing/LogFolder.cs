using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;

namespace Holdfast.Telemetry.Tests.Auditing;

/// <summary>An audit log's folder for one test.</summary>
internal sealed class LogFolder : IDisposable
{
    private readonly string parent = Directory.CreateTempSubdirectory("holdfast-audit-").FullName;

    public ManualClock Clock { get; } = new();

    public string Path => System.IO.Path.Combine(parent, "audit");

    public IReadOnlyList<string> Files => [.. Directory.GetFiles(Path, "*.jsonl").Order(StringComparer.Ordinal)];

    public static AuditOptions Options { get; } = new()
    {
        Node = "node-1",
        Redact = text => text.Replace("4111111111111111", "[pan]"),
        SyncFolder = DurableFolder.Sync,
    };

    public static AuditRecord Record(string target, AuditOutcome outcome = AuditOutcome.Intended) => new()
    {
        Actor = "alice (uid 1000)",
        Action = "restart",
        Target = target,
        Outcome = outcome,
        Operation = "op-1",
        Details = new Dictionary<string, string> { ["release"] = "2" },
    };

    public static Outcome<AuditLog> Open(string path, TimeProvider time, AuditOptions? options = null) => AuditLog.Open(path, options ?? Options, time);

    public AuditLog Open(AuditOptions? options = null) => Open(Path, Clock, options).Value;

    public Problem OpenRefused() => Assert.Single(Open(Path, Clock).Problems);

    /// <summary>Writes a log of so many entries besides its own, and closes it.</summary>
    public AuditHead Write(int entries, AuditOptions? options = null)
    {
        using var log = Open(options);
        for (var i = 0; i < entries; i++)
            Assert.True(log.Append(Record($"s{i}")).IsOk);
        log.Dispose();
        return log.Head;
    }

    public AuditVerdict Verify(params AuditHead[] kept) => AuditVerifier.Verify(Path, kept, CancellationToken.None).Value;

    public void Dispose() => Directory.Delete(parent, recursive: true);
}
