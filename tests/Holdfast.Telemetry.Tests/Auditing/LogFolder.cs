using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
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

    /// <summary>One for all tests and for the processes that they kill: a log is opened again with the key that it was signed with.</summary>
    public static AuditSigner Signer { get; } = AuditSigner.FromPem("""
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkkBWhp/j2+f+Y8OE
        nmcDFrcjOUnkRW4OKknLjxAcLV2hRANCAASRbjCuBDR20nOdWVdJy3uX76TLTLq4
        OGY4DPuDtuaIRFnRjmxq+vtbR5bV/UVg/q1gXhwOvPg+qcLU4ZoyNlu7
        -----END PRIVATE KEY-----
        """).Value;

    public static AuditOptions Options { get; } = new()
    {
        Signer = Signer,
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

    public AuditVerdict Verify(params AuditHead[] kept) => AuditVerifier.Verify(Path, kept, Signer.Key, CancellationToken.None).Value;

    /// <summary>The last one that was signed, checked.</summary>
    public Checkpoint Checkpoint => Checkpoint.Open(Note, Signer.Key, out var why) ?? throw new InvalidOperationException(why);

    public byte[] Note => File.ReadAllBytes(In("checkpoint"));

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>An export of everything there is, in a file beside the log.</summary>
    public string Export(AuditLog log, long? from = null, long? to = null)
    {
        var path = System.IO.Path.Combine(parent, Guid.NewGuid().ToString("n"));
        using var export = log.Export(from, to).Value;
        using var file = File.Create(path);
        foreach (var chunk in export.Chunks())
            file.Write(chunk.Span);
        return path;
    }

    public static AuditExportVerdict VerifyExport(string path, AuditExportExpectation? expected = null) =>
        AuditExportVerifier.Verify(path, Signer.Key, expected ?? new(), CancellationToken.None).Value;

    public void Dispose() => Directory.Delete(parent, recursive: true);
}
