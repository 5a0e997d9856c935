using System.Text;
using System.Text.Json;
using Holdfast.Core.Incidents;
using Holdfast.Core.Leadership;
using Holdfast.Core.Problems;
using Holdfast.Node.Incidents;

namespace Holdfast.Node.Tests.Incidents;

/// <summary>Decisions for the record, which say only what matters to it.</summary>
internal static class MadeDecisions
{
    public static DateTimeOffset Noon { get; } = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    public static Decision One { get; } = new Decision.OfLeadership(
        LeadershipState.Of("node-1"), new LeadershipInput.TimePassed(), TimeSpan.Zero, Noon, new(LeadershipState.Of("node-1"), [new LeadershipEffect.Alarm("somebody must look")], "somebody must look"));

    public static Decision Lease { get; } = new Decision.OfLease(
        LeaseMachine.Begin, new LeaseInput.TimePassed(), TimeSpan.Zero, TimeSpan.Zero, new(new LeaseState.Asked(TimeSpan.Zero, 0), [new LeaseEffect.Ask(TimeSpan.Zero)], "there is no lease"));

    public static DecisionLine Line(long number, string service = "payments") =>
        new(number, [.. JsonSerializer.SerializeToUtf8Bytes(new IncidentLine.Decided(number, Noon.AddSeconds(number), "node-1", service, "0.2.0", One), DecisionJson.Default.IncidentLine), (byte)'\n']);

    public static List<long> Numbers(DecisionRing ring) => [.. ring.Lines().Value.Select(line => DecisionRing.Envelope(line)?.Number ?? -1)];

    public static string Text(byte[] line) => Encoding.UTF8.GetString(line);

    public static Outcome<IncidentBundle> Read(IEnumerable<byte[]> lines)
    {
        var reader = new BundleReader("bundle");
        foreach (var line in lines)
        {
            if (reader.Add(line.AsSpan()[..^1]) is { IsOk: false } refused) return Outcome.Failed<IncidentBundle>(refused.Problems);
        }

        return reader.Finish();
    }
}
