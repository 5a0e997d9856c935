using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>Who led a service when, for machines and auditors.</summary>
internal static class ProofText
{
    public static JsonNode Document(GetProofResponse proof) => new JsonObject
    {
        ["head"] = proof.Head,
        ["whole"] = proof.Faults.Count == 0,
        ["faults"] = new JsonArray([.. proof.Faults.Select(fault => (JsonNode)fault)]),
        ["epochs"] = new JsonArray([.. proof.Epochs.Select(epoch => (JsonNode)new JsonObject
        {
            ["epoch"] = epoch.Epoch,
            ["node"] = epoch.Node,
            ["givenAt"] = Human.Stamp(epoch.GivenAt),
            ["why"] = epoch.Why,
            ["from"] = Human.Stamp(epoch.From),
            ["until"] = Human.Stamp(epoch.Until),
            ["end"] = epoch.End.Length > 0 ? epoch.End : null,
            ["how"] = epoch.How.Length > 0 ? epoch.How : null,
        })]),
    };

    public static string Text(GetProofResponse proof)
    {
        var table = new Table("EPOCH", "NODE", "GIVEN", "ACTED FROM", "UNTIL", "ENDED", "WHY GIVEN");
        foreach (var epoch in proof.Epochs) table.Add($"{epoch.Epoch}", epoch.Node, Moment(epoch.GivenAt), Moment(epoch.From), Moment(epoch.Until), epoch.End.Length > 0 ? epoch.End : "leads", epoch.Why);
        var verdict = proof.Faults.Count > 0
            ? string.Concat(proof.Faults.Select(fault => $"not proven: {fault}\n"))
            : $"{proof.Epochs.Count} epochs; each names the one before it, and no two overlapped by what their nodes wrote. Head {proof.Head}\n"
                + (proof.Epochs.Any(epoch => epoch.End == "lease-ended") ? "lease-ended: its node could say nothing; its supervisor kills at 70 % of the lease, and the next epoch was given after all of it.\n" : "")
                + (proof.Epochs.Any(epoch => epoch.End == "fenced") ? "fenced: its node was powered off from outside, and the next epoch was given when that was confirmed.\n" : "");
        return $"{table}\n{verdict}";
    }

    private static string Moment(Timestamp? at) => at?.ToDateTime().ToString("yyyy-MM-dd HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture) ?? "";
}
