using System.Text.Json;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>Exports and proofs: made from a log that is one, and verified without any agent.</summary>
public sealed class AuditFilesTests : IDisposable
{
    private const string Moment = "2026-01-01 00:00:00Z";

    private readonly TempFolder folder = new();
    private readonly ManualClock clock = new();
    private readonly AuditLog log;

    public AuditFilesTests()
    {
        log = AuditLog.Open(Path.Combine(folder.Path, "audit"), new()
        {
            Node = "node-1", Redact = text => text, SyncFolder = DurableFolder.Sync, Signer = AuditSigner.FromPem(AuditSigner.NewPem()).Value,
        }, clock).Value;
        for (var i = 0; i < 9; i++)
        {
            Assert.True(log.Append(new()
            {
                Actor = "alice", Action = "restart", Target = $"s{i}", Outcome = AuditOutcome.Done, Operation = "op",
                Details = new Dictionary<string, string> { ["reason"] = "it said \"no\", twice", ["service"] = $"s{i}" },
            }).IsOk);
        }
    }

    public void Dispose()
    {
        log.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task An_export_is_verified_with_nothing_but_the_key_that_was_printed()
    {
        await using (var agent = await AgentAsync())
        {
            await KeepKeyAsync(agent);
            var made = await Run.In(folder.Path, "audit", "export", "--out", "all", "--home", agent.Home.Path);
            Assert.Equal((ExitCode.Ok, ""), (made.Code, made.Error));
            Assert.Equal($"{At("all")}: entries 1 to 10, {Moment} to {Moment}, of {Origin}; its checkpoint signs 10\n", made.Out);
        }

        Assert.Equal(new Run(ExitCode.Ok, $"Whole: entries 1 to 10, {Moment} to {Moment}, of {Origin}; its checkpoint signs 10\n", ""), await VerifyAsync("all"));
        using (var document = JsonDocument.Parse((await VerifyAsync("all", "-o", "json")).Out))
            Assert.Equal((true, 10), (document.RootElement.GetProperty("whole").GetBoolean(), document.RootElement.GetProperty("entries").GetInt32()));

        var text = await File.ReadAllTextAsync(At("all"));
        await File.WriteAllTextAsync(At("changed"), text.Replace("\"target\":\"s4\"", "\"target\":\"s5\"", StringComparison.Ordinal));
        var changed = await VerifyAsync("changed");
        Assert.Equal((ExitCode.Damaged, ""), (changed.Code, changed.Out));
        Assert.Contains("Entry 6 (record 6) is not what was written (changed)", changed.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadInput, (await Run.In(folder.Path, "audit", "verify", "all")).Code);
        Assert.Equal(ExitCode.BadInput, (await VerifyAsync("key.pem")).Code);
        Assert.NotEqual(ExitCode.Ok, (await VerifyAsync("nowhere")).Code);
        // It asks nobody: there is nothing that another node could do for it.
        Assert.Equal(ExitCode.BadInput, (await VerifyAsync("all", "--server", "node-2:7420")).Code);
    }

    [Fact]
    public async Task A_part_is_whole_for_whoever_asked_for_it()
    {
        await using var agent = await AgentAsync();
        await KeepKeyAsync(agent);
        Assert.Equal(ExitCode.Ok, (await Run.In(folder.Path, "audit", "export", "--out", "part", "--from", "3", "--to", "7", "--home", agent.Home.Path)).Code);

        Assert.Equal(ExitCode.Damaged, (await VerifyAsync("part")).Code);
        Assert.Equal(ExitCode.Ok, (await VerifyAsync("part", "--from", "3", "--to", "7")).Code);
        Assert.Equal(ExitCode.NotFound, (await Run.In(folder.Path, "audit", "export", "--out", "none", "--from", "30", "--home", agent.Home.Path)).Code);
        Assert.Equal(ExitCode.Conflict, (await Run.In(folder.Path, "audit", "export", "--out", "part", "--home", agent.Home.Path)).Code);
        Assert.Equal(ExitCode.BadInput, (await Run.In(folder.Path, "audit", "export", "--out", "x", "--from", "3", "--since", "1h", "--home", agent.Home.Path)).Code);
        Assert.Equal(["audit", "key.pem", "part"], Directory.GetFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_proof_of_an_entry_and_of_growth_is_verified_alone()
    {
        await using var agent = await AgentAsync();
        await KeepKeyAsync(agent);
        var proof = await Run.In(folder.Path, "audit", "prove", "6", "--out", "proof", "--home", agent.Home.Path);
        Assert.Equal(new Run(ExitCode.Ok, "", ""), proof);
        Assert.Equal($"Proven: entry 6 of {Origin}: 2026-01-01T00:00:00.0000000Z alice restart s4 done\n", (await VerifyAsync("proof")).Out);
        Assert.StartsWith("c2sp.org/tlog-proof@v1\n", (await Run.In(folder.Path, "audit", "prove", "6", "--home", agent.Home.Path)).Out, StringComparison.Ordinal);

        File.Copy(Path.Combine(folder.Path, "audit", "checkpoint"), At("kept"));
        log.Append(new() { Actor = "alice", Action = "stop", Target = "s", Outcome = AuditOutcome.Done, Operation = "op" });
        Assert.Equal(ExitCode.Ok, (await Run.In(folder.Path, "audit", "prove", "--kept", "kept", "--out", "growth", "--home", agent.Home.Path)).Code);
        Assert.Equal($"Proven: {Origin} with 11 entries begins with the 10 that were signed before\n", (await VerifyAsync("growth")).Out);
        Assert.Equal(ExitCode.Ok, (await Run.In(folder.Path, "audit", "export", "--out", "all", "--home", agent.Home.Path)).Code);
        Assert.Equal(ExitCode.Ok, (await VerifyAsync("all", "--kept", "kept")).Code);

        var bytes = await File.ReadAllTextAsync(At("proof"));
        await File.WriteAllTextAsync(At("moved"), bytes.Replace("index 5\n", "index 4\n", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Damaged, (await VerifyAsync("moved")).Code);
        Assert.Equal(ExitCode.BadInput, (await Run.In(folder.Path, "audit", "prove", "--home", agent.Home.Path)).Code);
        Assert.Equal(ExitCode.BadInput, (await Run.In(folder.Path, "audit", "prove", "6", "--kept", "kept", "--home", agent.Home.Path)).Code);
    }

    [Fact]
    public async Task Witnesses_that_must_have_cosigned_are_demanded_of_each_file()
    {
        await using var agent = await AgentAsync();
        await KeepKeyAsync(agent);
        var (witness, other) = (AuditSigner.FromPem(AuditSigner.NewPem()).Value, AuditSigner.FromPem(AuditSigner.NewPem()).Value);
        agent.Node.Info.AuditWitnesses.Add(new Rpc.V1.AuditWitness { Node = "node-2", Name = "holdfast/node-2/witness", PublicKey = witness.Key.Pem, Entries = 10 });
        var shown = await Run.In(folder.Path, "audit", "key", "--home", agent.Home.Path);
        Assert.Equal((ExitCode.Ok, log.Key!.Pem), (shown.Code, shown.Out));
        Assert.Contains("cosigned by node-2 as holdfast/node-2/witness", shown.Error, StringComparison.Ordinal);
        Assert.Equal(new Run(ExitCode.Ok, witness.Key.Pem, ""), await Run.In(folder.Path, "audit", "key", "--witness", "node-2", "--home", agent.Home.Path));
        Assert.Equal(ExitCode.NotFound, (await Run.In(folder.Path, "audit", "key", "--witness", "node-3", "--home", agent.Home.Path)).Code);
        await File.WriteAllTextAsync(At("w2.pem"), witness.Key.Pem);
        await File.WriteAllTextAsync(At("w3.pem"), other.Key.Pem);

        Assert.Equal(ExitCode.Ok, (await Run.In(folder.Path, "audit", "prove", "6", "--out", "alone", "--home", agent.Home.Path)).Code);
        var note = SignedNote.Parse(log.SignedCheckpoint(sign: true).Value.Note, out _)!;
        Assert.True(log.KeepCosigned((note with { Signatures = [.. note.Signatures, Cosignature.Make("holdfast/node-2/witness", witness.Key, clock.GetUtcNow(), note.Text, witness.Sign)] }).Format()).IsOk);
        Assert.Equal(ExitCode.Ok, (await Run.In(folder.Path, "audit", "prove", "6", "--out", "proof", "--home", agent.Home.Path)).Code);

        Assert.Equal(ExitCode.Ok, (await VerifyAsync("proof", "--witness", "w2.pem")).Code);
        Assert.Equal(ExitCode.Ok, (await VerifyAsync("proof", "--witness", "w2.pem", "--witness", "w3.pem", "--witnesses", "1")).Code);
        var lacking = await VerifyAsync("proof", "--witness", "w2.pem", "--witness", "w3.pem");
        Assert.Equal(ExitCode.Damaged, lacking.Code);
        Assert.Contains("1 of the 2 given witnesses have cosigned its checkpoint, and 2 must have", lacking.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Damaged, (await VerifyAsync("alone", "--witness", "w2.pem")).Code);
        Assert.Equal(ExitCode.Ok, (await VerifyAsync("alone")).Code);
        Assert.Equal(ExitCode.BadInput, (await VerifyAsync("proof", "--witness", "key.pem")).Code);
        Assert.Equal(ExitCode.BadInput, (await VerifyAsync("proof", "--witness", "w2.pem", "--witness", "w2.pem")).Code);
        Assert.Equal(ExitCode.BadInput, (await VerifyAsync("proof", "--witness", "w2.pem", "--witnesses", "2")).Code);
    }

    [Fact]
    public async Task Entries_are_written_for_other_systems()
    {
        await using var agent = await AgentAsync();
        Assert.Equal(ExitCode.Ok, (await Run.In(folder.Path, "audit", "export", "--out", "ecs", "--format", "ecs", "--home", agent.Home.Path)).Code);
        Assert.Equal(ExitCode.Ok, (await Run.In(folder.Path, "audit", "export", "--out", "csv", "--format", "csv", "--from", "2", "--home", agent.Home.Path)).Code);

        var documents = await File.ReadAllLinesAsync(At("ecs"));
        Assert.Equal(10, documents.Length);
        using var document = JsonDocument.Parse(documents[5]);
        var seen = document.RootElement.GetProperty("event");
        Assert.Equal(("restart", "success", 6, "process"), (
            seen.GetProperty("action").GetString(), seen.GetProperty("outcome").GetString(), seen.GetProperty("sequence").GetInt32(), seen.GetProperty("category")[0].GetString()));
        Assert.Equal(("alice", "node-1"), (document.RootElement.GetProperty("user").GetProperty("name").GetString(), document.RootElement.GetProperty("host").GetProperty("name").GetString()));
        var table = await File.ReadAllTextAsync(At("csv"));
        Assert.StartsWith("sequence,at,node,actor,action,target,outcome,operation,details,previousHash,hash\r\n2,2026-01-01T00:00:00.0000000Z,node-1,alice,restart,s0,done,op,\"reason=it said \"\"no\"\", twice; service=s0\",", table, StringComparison.Ordinal);
        Assert.Equal(10, table.Split("\r\n").Length - 1);
    }

    private string Origin => File.ReadLines(Path.Combine(folder.Path, "audit", "checkpoint")).First();

    private string At(string name) => Path.Combine(folder.Path, name);

    private async Task<FakeAgent> AgentAsync()
    {
        var agent = await FakeAgent.StartAsync();
        agent.Node.Audit = log;
        agent.Node.Info.AuditPublicKey = log.Key!.Pem;
        return agent;
    }

    private async Task KeepKeyAsync(FakeAgent agent)
    {
        var key = await Run.In(folder.Path, "audit", "key", "--home", agent.Home.Path);
        Assert.Equal((ExitCode.Ok, ""), (key.Code, key.Error));
        await File.WriteAllTextAsync(At("key.pem"), key.Out);
    }

    /// <summary>In a home without an agent, and without a log.</summary>
    private Task<Run> VerifyAsync(string file, params string[] more) => Run.In(folder.Path, ["audit", "verify", file, "--key", "key.pem", "--home", At("home"), .. more]);
}
