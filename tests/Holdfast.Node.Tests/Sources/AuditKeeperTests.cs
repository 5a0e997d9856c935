using Holdfast.Core.Auditing;
using Holdfast.Node.Hosting;
using Holdfast.Node.Shipping;
using Holdfast.Node.Sources;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Sources;

/// <summary>Entries of the audit log are copied while a sink wants them, and go on where they were when one does again.</summary>
public sealed class AuditKeeperTests : IDisposable
{
    private readonly Home home = new(Directory.CreateTempSubdirectory("holdfast-audit-keeper-").FullName);
    private readonly AuditLog log;
    private volatile StreamDemand demand = StreamDemand.None;

    public AuditKeeperTests() => log = Law.Ok(AuditLog.Open(home.Audit, AuditRedaction.Options("node-1"), TimeProvider.System));

    public void Dispose()
    {
        log.Dispose();
        Directory.Delete(home.Path, recursive: true);
    }

    [Fact]
    public async Task Law06_what_came_while_nobody_wanted_it_is_copied_when_somebody_does_and_once()
    {
        Append("one");
        using var cancel = new CancellationTokenSource();
        using var keeper = new AuditKeeper(home, log, () => demand, TimeProvider.System, NullLogger<AuditKeeper>.Instance);
        var running = keeper.RunAsync(cancel.Token);
        demand = StreamDemand.FromOldest;
        await SeeAsync(2);
        demand = StreamDemand.None;
        Append("two");
        demand = StreamDemand.FromNow;
        await SeeAsync(3);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(["audit", "one", "two"], Targets());
        Assert.Empty(keeper.Problems);
    }

    [Fact]
    public async Task Nothing_is_copied_that_nobody_wants_and_a_place_that_cannot_be_written_is_told()
    {
        using var cancel = new CancellationTokenSource();
        using var keeper = new AuditKeeper(home, log, () => demand, TimeProvider.System, NullLogger<AuditKeeper>.Instance);
        var running = keeper.RunAsync(cancel.Token);
        Assert.False(Directory.Exists(home.AuditStream));
        // Where its folder should be stands a file.
        File.WriteAllText(home.Streams, "");
        demand = StreamDemand.FromOldest;
        await Eventually.SeeAsync("what is wrong", () => keeper.Problems.Count == 1);
        demand = StreamDemand.None;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private void Append(string target) => Law.Ok(log.Append(new() { Actor = "alice", Action = "restart", Target = target, Outcome = AuditOutcome.Done, Operation = "op-1" }));

    private Task SeeAsync(int entries) => Eventually.SeeAsync($"{entries} entries", () => Targets().Count >= entries);

    private List<string> Targets()
    {
        List<string> targets = [];
        using var reader = SegmentReader.Open(home.AuditStream, SegmentStart.Beginning, TimeProvider.System);
        while (reader.TryRead(out var block))
        {
            foreach (var line in block.Split()) targets.Add(AuditLine.Parse([.. line.Text.Span, (byte)'\n'], out _)?.Target ?? "none");
        }

        return targets;
    }
}
