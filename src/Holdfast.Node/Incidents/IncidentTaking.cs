using Holdfast.Core.Incidents;
using Holdfast.Core.Problems;

namespace Holdfast.Node.Incidents;

/// <summary>Makes a bundle of the decisions that this node has kept.</summary>
internal sealed class IncidentTaking(string node, string cluster, string version, DecisionRecorder recorder, DecisionRing ring, TimeProvider time)
{
    /// <summary>The bundle's lines, each with its newline. Problems: <c>files.*</c>, <c>incident.none</c>.</summary>
    /// <param name="service">Only what was decided about it, and about the node's lease; empty: everything.</param>
    /// <param name="since">Only from then on; null: all that was kept.</param>
    public async Task<Outcome<IReadOnlyList<byte[]>>> TakeAsync(string service, DateTimeOffset? since, CancellationToken cancel)
    {
        await recorder.SettleAsync(cancel);
        var read = ring.Lines();
        if (!read.TryGet(out var kept)) return read;
        var bundle = new BundleWriter();
        var lines = new List<byte[]> { bundle.Head(new(IncidentLine.Head.V1, node, cluster, version, time.GetUtcNow(), service, since)) };
        long previous = 0, lost = 0, dropped = 0;
        foreach (var line in kept)
        {
            // What cannot be read is missed by its number.
            if (DecisionRing.Envelope(line) is not { } known) continue;
            var isIn = since is null || known.At >= since;
            if (isIn && previous == 0) dropped = known.Number - 1;
            if (isIn && previous > 0) lost += Math.Max(0, known.Number - previous - 1);
            previous = known.Number;
            if (isIn && (service.Length == 0 || known.Service.Length == 0 || known.Service == service)) lines.Add(bundle.Decision(line));
        }

        // What the disk has not taken has had its numbers.
        if (recorder.LastNumber is { } last) lost += Math.Max(0, last - previous);
        if (lines.Count == 1 && lost == 0) return None(service);
        lines.Add(bundle.End(lost, dropped));
        return lines;
    }

    private Problem None(string service) =>
        new(ProblemKind.NotFound, "incident.none", $"{node} has kept no decision {(service.Length == 0 ? "of that time" : $"about {service} of that time")}.")
        {
            Mend = "ask for a longer time, or another node: each keeps its own",
        };
}
