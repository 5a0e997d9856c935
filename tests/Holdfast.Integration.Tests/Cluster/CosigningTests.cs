using System.Text.Json.Nodes;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>Nodes of a cluster cosign each other's audit logs.</summary>
public sealed class CosigningTests
{
    [ClusterFact]
    public async Task Law07_nodes_cosign_each_others_logs_and_one_that_was_set_back_to_a_copy_is_noticed()
    {
        await using var cluster = await TestCluster.StartAsync(2);
        var (first, second) = (cluster.Nodes[0], cluster.Nodes[1]);
        await CosignedAsync(first);
        await CosignedAsync(second);

        // What an auditor has afterwards: two keys and a file.
        var (key, witness, export) = (Path.Combine(second.Work, "node-2.pem"), Path.Combine(second.Work, "node-1.pem"), Path.Combine(second.Work, "export"));
        await File.WriteAllTextAsync(key, (await second.HoldfastAsync("audit", "key")).Ok().Output);
        await File.WriteAllTextAsync(witness, (await second.HoldfastAsync("audit", "key", "--witness", "node-1")).Ok().Output);
        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(first.Home, "audit", "public.pem")), await File.ReadAllTextAsync(witness));
        (await second.HoldfastAsync("audit", "export", "--out", export)).Ok();
        Assert.StartsWith("Whole: ", (await first.HoldfastAsync("audit", "verify", export, "--key", key, "--witness", witness)).Ok().Output, StringComparison.Ordinal);
        Assert.Contains("audit log is cosigned by node-1", (await second.HoldfastAsync("cluster", "check", "-o", "json")).Output, StringComparison.Ordinal);

        // The machine is set back: its log goes on from a copy.
        await second.StopAgentAsync();
        var (audit, copy) = (Path.Combine(second.Home, "audit"), Path.Combine(second.Root, "copy"));
        second.Run("cp", "-a", audit, copy);
        await second.StartAgentAsync();
        (await second.HoldfastAsync("audit", "hold", "set", "case-7", "--reason", "to be wiped out")).Ok();
        (await second.HoldfastAsync("audit", "prove", "1", "--out", Path.Combine(second.Work, "proof"))).Ok();
        await second.StopAgentAsync();
        Directory.Move(audit, Path.Combine(second.Root, "wiped"));
        Directory.Move(copy, audit);
        await second.StartAgentAsync();

        var noticed = await Eventually.SeeAsync("the witness notices", () => first.HoldfastAsync("audit", "verify"), said => said.ExitCode == 8);
        Assert.Contains("[audit.forked]", noticed.Error, StringComparison.Ordinal);
        Assert.Contains("the audit log of node-2", noticed.Error, StringComparison.OrdinalIgnoreCase);
        await Eventually.SeeAsync("so does the node itself", () => second.HoldfastAsync("audit", "verify"), said => said.ExitCode == 8 && said.Error.Contains("node-1 holds another history", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("contradicts what this node has cosigned", (await first.HoldfastAsync("cluster", "check", "-o", "json")).Output, StringComparison.Ordinal);
        Assert.Contains("audit.forked", (await first.HoldfastAsync("audit", "list", "-o", "json")).Ok().Output, StringComparison.Ordinal);
        Assert.Contains("audit.forked", (await second.HoldfastAsync("audit", "list", "-o", "json")).Ok().Output, StringComparison.Ordinal);
        // What was exported before holds on.
        (await first.HoldfastAsync("audit", "verify", export, "--key", key, "--witness", witness)).Ok();
    }

    private static Task<CommandResult> CosignedAsync(TestNode node) => Eventually.SeeAsync(
        "a cosigned log", () => node.HoldfastAsync("audit", "verify", "-o", "json"), said => said.ExitCode == 0 && JsonNode.Parse(said.Output)!["cosignedBy"]!.GetValue<int>() == 1);
}
