using Holdfast.Node.Incidents;
using Holdfast.Packaging.Tests.Kit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Holdfast.Node.Tests.Incidents;

/// <summary>What goes into a bundle, and what is said of what does not.</summary>
public sealed class IncidentTakingTests : IDisposable
{
    private readonly TempFolder root = new();

    private string Folder => root["decisions"];

    public void Dispose() => root.Dispose();

    [Fact]
    public async Task A_bundle_has_what_was_asked_for_and_counts_what_is_not_there_any_more()
    {
        var ring = new DecisionRing(Folder);
        ring.Open();
        ring.Append([MadeDecisions.Line(11), MadeDecisions.Line(12, ""), MadeDecisions.Line(15, "orders"), MadeDecisions.Line(16)]);

        Assert.Equal("11 12 15 16, 2 lost, 10 dropped", await TakeAsync(ring, "", null));
        Assert.Equal("11 12 16, 2 lost, 10 dropped", await TakeAsync(ring, "payments", null));
        Assert.Equal("15 16, 2 lost, 0 dropped", await TakeAsync(ring, "", MadeDecisions.Noon.AddSeconds(13)));
        Assert.Equal("16, 0 lost, 0 dropped", await TakeAsync(ring, "", MadeDecisions.Noon.AddSeconds(16)));
        Assert.Equal("12, 2 lost, 10 dropped", await TakeAsync(ring, "nothing", null));
    }

    [Fact]
    public async Task Nothing_is_said_to_be_nothing()
    {
        var nothing = await Taking(new(Folder)).TakeAsync("payments", null, default);
        Assert.Equal("incident.none", nothing.Problems.Single().Rule);
    }

    private static async Task<string> TakeAsync(DecisionRing ring, string service, DateTimeOffset? since)
    {
        var bundle = MadeDecisions.Read((await Taking(ring).TakeAsync(service, since, default)).Value).Value;
        Assert.Equal(("node-1", "bank", service, since), (bundle.Head.Node, bundle.Head.Cluster, bundle.Head.Service, bundle.Head.Since));
        return $"{string.Join(' ', bundle.Decisions.Select(decided => decided.Number))}, {bundle.End.Lost} lost, {bundle.End.Dropped} dropped";
    }

    private static IncidentTaking Taking(DecisionRing ring) =>
        new("node-1", "bank", "0.2.0", new("node-1", "0.2.0", ring, TimeProvider.System, NullLogger<DecisionRecorder>.Instance), ring, TimeProvider.System);
}
