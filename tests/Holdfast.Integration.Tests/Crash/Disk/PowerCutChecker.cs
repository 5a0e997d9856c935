using System.Globalization;
using System.Text;
using System.Text.Json;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Packages;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Integration.Tests.Crash.Disk;

/// <summary>Opens everything of a home that a power cut has left, as agent and supervisor do, and looks for what somebody was told.</summary>
internal sealed class PowerCutChecker(Home home)
{
    private const string Order = "orders-0.order.json";

    /// <param name="told">What was acknowledged before the power went; the node was in use before.</param>
    public async Task CheckAsync(Told told)
    {
        var store = await ReadStoreAsync();
        Assert.True(store.Release >= told.Release, $"the store says release {store.Release}");
        var audit = ReadAudit();
        Assert.True(audit.IsSupersetOf(told.Operations), $"not in the audit log: {string.Join(", ", told.Operations.Except(audit))}");
        await CheckPackagesAsync(told);
        CheckOrders(told);
        CheckJournal(told);
        CheckOutput();
    }

    private async Task<(int Release, bool There)> ReadStoreAsync()
    {
        var opened = SqliteStore.OpenOrCreate(home.Store, fresh: false, new() { SyncFolder = DurableFolder.Sync }, TimeProvider.System);
        await using var store = Ok(opened);
        var all = Ok(await store.RangeAsync(new RangeQuery(KeyRange.All), default)).Items;
        foreach (var item in all) JsonDocument.Parse(item.Value.ToString()).Dispose();
        var releases = all.Select(item => item.Key.ToString()).Where(key => key.StartsWith("/holdfast/v1/releases/orders/", StringComparison.Ordinal)).ToList();
        return (releases.Count == 0 ? 0 : releases.Max(key => int.Parse(key[(key.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture)), releases.Count > 0);
    }

    /// <summary>The operations whose outcome is recorded.</summary>
    private HashSet<string> ReadAudit()
    {
        var signer = Ok(AuditSigner.FromPem(File.ReadAllText(Path.Combine(home.Keys, "audit.key"))));
        using (Ok(AuditLog.Open(home.Audit, new() { Node = "node", Redact = text => text, SyncFolder = DurableFolder.Sync, Signer = signer }, TimeProvider.System)))
        {
            var verdict = Ok(AuditVerifier.Verify(home.Audit, [], signer.Key, default));
            Assert.True(verdict.Whole, string.Join("; ", verdict.Findings.Select(finding => finding.What)));
            return [.. AuditReader.Read(home.Audit, new()).Where(entry => entry.Outcome != AuditOutcome.Intended).Select(entry => entry.Operation)];
        }
    }

    /// <summary>Each package that is listed is whole to the last byte.</summary>
    private async Task CheckPackagesAsync(Told told)
    {
        var packages = Ok(PackageStore.Open(home, TimeProvider.System, FileFactsReader.ReadEntry));
        Ok(packages.SweepIncoming());
        var listed = packages.List();
        foreach (var package in listed) Ok(await packages.RebindAsync(package.Digest, default));
        Assert.Empty(told.Packages.Except(listed.Select(package => package.Digest)));
    }

    private void CheckOrders(Told told)
    {
        var orders = Directory.Exists(new SupervisorPlace(home).Instances) ? Directory.GetFiles(new SupervisorPlace(home).Instances, "*.order.json") : [];
        foreach (var file in orders)
        {
            using var order = JsonDocument.Parse(File.ReadAllBytes(file));
            var release = order.RootElement.GetProperty("desired").GetProperty("plan").GetProperty("release").GetInt32();
            Assert.True(Path.GetFileName(file) != Order || release >= told.Release, $"the supervisor's order is of release {release}");
        }

        Assert.True(told.Release == 0 || orders.Any(file => Path.GetFileName(file) == Order), "the supervisor has forgotten its order");
    }

    private void CheckJournal(Told told)
    {
        Ok(JournalWriter.Open(home.Journal, new SegmentPolicy(), TimeProvider.System)).Dispose();
        Ok(SegmentWriter.Open(home.AgentStream, new SegmentPolicy(), TimeProvider.System)).Dispose();
        using var reader = JournalReader.Open(home.Journal, 0, TimeProvider.System);
        var releases = new HashSet<int>();
        while (reader.TryRead() is { } record)
        {
            if (record.Lost is not null)
            {
                // Of records that nobody could rely on yet, a later one may have reached the disk before an earlier one: told, not silent.
                Assert.True(record.Sequence > told.Journal, $"the journal has lost record {record.Sequence}, and {told.Journal} was on the disk: {record.Lost}");
                continue;
            }

            releases.Add(JsonSerializer.Deserialize(record.Json.Span, SupervisionJson.Default.InstanceEvent)!.Release);
        }

        Assert.True(told.Release == 0 || releases.Contains(told.Release), $"the journal knows nothing of release {told.Release}");
    }

    /// <summary>Lines that were not synced may be gone, and are then told; one that is there is what was written.</summary>
    private void CheckOutput()
    {
        var folder = Path.Combine(home.Output, "orders-0");
        Ok(SegmentWriter.Open(folder, new SegmentPolicy(), TimeProvider.System)).Dispose();
        using var reader = SegmentReader.Open(folder, SegmentStart.Beginning, TimeProvider.System);
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        var next = 1L;
        while (reader.TryRead(out var block))
        {
            Assert.Equal(next, block.Sequence);
            next = block.NextSequence;
            if (block.Stream == StreamKind.Holdfast) continue;
            foreach (var line in block.Split())
            {
                var parts = Encoding.UTF8.GetString(line.Text.Span).Split(' ');
                var number = long.Parse(parts[1], CultureInfo.InvariantCulture);
                Assert.True(number > seen.GetValueOrDefault(parts[0]), $"line {number} of run {parts[0]} after line {seen.GetValueOrDefault(parts[0])}");
                seen[parts[0]] = number;
            }
        }
    }

    private static T Ok<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.IsOk, string.Join("; ", outcome.Problems));
        return outcome.Value;
    }
}

/// <summary>What users and programs of a node rely on from some moment on.</summary>
/// <param name="Journal">The last record of the journal that must be there.</param>
internal sealed record Told(int Release, long Journal, IReadOnlyList<string> Operations, IReadOnlyList<string> Packages);
