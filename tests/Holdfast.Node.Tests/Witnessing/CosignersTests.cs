using Holdfast.Core.Auditing;
using Holdfast.Core.Auditing.Tree;
using Holdfast.Core.Auditing.Witnessing;
using Holdfast.Core.Problems;
using Holdfast.Node.Witnessing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;

namespace Holdfast.Node.Tests.Witnessing;

/// <summary>Nodes that cosign each other's logs: what is on disk, what is given out, and what becomes of a log that was set back.</summary>
public sealed class CosignersTests : IDisposable
{
    private readonly TempFolder root = new();
    private readonly ManualClock clock = new();
    private readonly WitnessedNode log, first, second;

    public CosignersTests()
    {
        log = new(root["node-1"], "node-1", clock);
        first = new(root["node-2"], "node-2", clock);
        second = new(root["node-3"], "node-3", clock);
        log.Others.AddRange([first, second]);
    }

    public void Dispose()
    {
        foreach (var node in (WitnessedNode[])[log, first, second]) node.Dispose();
        root.Dispose();
    }

    [Fact]
    public async Task Law07_a_checkpoint_is_cosigned_by_all_kept_beside_the_log_and_given_out_with_exports_and_proofs()
    {
        log.Append(5);
        await log.Cosigners.RoundAsync(sign: true, default);
        NoteKey[] keys = [first.Audit.Key!, second.Audit.Key!];
        Assert.Null(Cosignature.Missing(File.ReadAllBytes(log.Checkpoint), keys, 2));
        Assert.Equal(["node-2", "node-3"], log.Cosigners.Keys.All().Select(one => one.Node));
        Assert.Equal(keys.Select(key => key.Fingerprint), log.Recorded(AuditAction.Witness).Select(entry => entry.Details[AuditAction.KeyDetail]));
        var pinned = Assert.Single(first.Recorded(AuditAction.Witnessing));
        Assert.Equal(("node/node-1", log.Audit.Key!.Fingerprint), (pinned.Actor, pinned.Details[AuditAction.KeyDetail]));

        // The second time it only goes on: nothing is recorded on either side.
        log.Append(3);
        await log.Cosigners.RoundAsync(sign: true, default);
        Assert.Single(first.Recorded(AuditAction.Witnessing));
        Assert.Equal(2, log.Recorded(AuditAction.Witness).Count);
        var cosigned = Checkpoint.Open(File.ReadAllBytes(log.Checkpoint), log.Audit.Key!, out _)!;
        Assert.Equal(cosigned.Size, Assert.Single(first.Witness.Book.Logs).Open(out _)!.Value.Checkpoint.Size);

        var last = log.Audit.Head.Sequence;
        log.Append(2);
        Assert.Null(Cosignature.Missing(Law.Ok(log.Audit.Prove(3)).Note.Span, keys, 2));
        Assert.NotNull(Law.Ok(log.Audit.Prove(3)).Check(log.Audit.Key!, out _));
        Assert.NotNull(Cosignature.Missing(Law.Ok(log.Audit.Prove(last + 1)).Note.Span, keys, 1));
        var verdict = Export(last, new() { Witnesses = keys, WitnessesNeeded = 2 });
        Assert.True(verdict.Whole, string.Join("\n", verdict.Findings));
        Assert.Equal(last, verdict.To);
        // What nobody has cosigned yet is given without it, and says so to who demands it.
        Assert.Equal([AuditFault.NotWitnessed], Export(last + 2, new() { Witnesses = keys, WitnessesNeeded = 1 }).Findings.Select(finding => finding.Fault));
    }

    [Fact]
    public async Task Law07_an_answer_that_was_lost_a_witness_that_was_away_and_agents_that_begin_anew_are_made_up_for()
    {
        log.Append(5);
        log.OnTheWay = _ => new Problem(ProblemKind.Unavailable, "test.cut", "cut");
        await log.Cosigners.RoundAsync(sign: true, default);
        Assert.False(File.Exists(log.Checkpoint));
        Assert.All(log.Cosigners.Known, one => Assert.Equal("cut", one.Trouble));
        Assert.Contains(log.State.Findings(2), finding => finding.Verdict == "warning" && finding.What.Contains("node-2 does not cosign", StringComparison.Ordinal));

        log.OnTheWay = null;
        log.Append(2);
        log.Others.Remove(second);
        await log.Cosigners.RoundAsync(sign: true, default);
        Assert.Null(Cosignature.Missing(File.ReadAllBytes(log.Checkpoint), [first.Audit.Key!], 1));
        Assert.NotNull(Cosignature.Missing(File.ReadAllBytes(log.Checkpoint), [second.Audit.Key!], 1));

        log.Restart();
        first.Restart();
        second.Restart();
        log.Others.Add(second);
        await log.Cosigners.RoundAsync(sign: true, default);
        Assert.Null(Cosignature.Missing(File.ReadAllBytes(log.Checkpoint), [first.Audit.Key!, second.Audit.Key!], 2));
        Assert.Equal([first.Audit.Key!.Pem, second.Audit.Key!.Pem], log.State.Messages().Select(one => one.PublicKey));
        Assert.Empty(log.State.Forks());
        Assert.All(log.State.Findings(2), finding => Assert.Equal("ok", finding.Verdict));
        Assert.Single(first.Recorded(AuditAction.Witnessing));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    public async Task Law07_a_log_that_was_set_back_to_a_copy_is_noticed_on_both_sides_and_not_cosigned(int further)
    {
        log.Append(5);
        await log.Cosigners.RoundAsync(sign: true, default);
        var copy = log.Copy(root["copy"]);
        log.Append(10);
        await log.Cosigners.RoundAsync(sign: true, default);
        var held = Assert.Single(first.Witness.Book.Logs).Note;
        var cosigned = File.ReadAllBytes(log.Checkpoint);

        log.SetBack(copy);
        log.Append(further);
        await log.Cosigners.RoundAsync(sign: true, default);

        Assert.Equal(held, Assert.Single(first.Witness.Book.Logs).Note);
        var forked = Assert.Single(first.Recorded(AuditAction.Forked));
        Assert.Equal(("node/node-1", AuditOutcome.Refused, held), (forked.Actor, forked.Outcome, forked.Details["held"]));
        Assert.Contains(further == 0 ? "it was set back" : "does not begin with", forked.Details["reason"], StringComparison.Ordinal);
        Assert.Contains("the audit log of node-1 contradicts what this node has cosigned", Assert.Single(first.State.Forks()), StringComparison.Ordinal);
        Assert.Contains(first.State.Findings(2), finding => finding.Verdict == "failed");
        Assert.Equal(2, log.State.Forks().Count);
        Assert.Contains("node-2 holds another history", log.State.Forks()[0], StringComparison.Ordinal);
        Assert.Equal(["node-2", "node-3"], log.Recorded(AuditAction.Forked).Select(entry => entry.Details["witness"]));
        Assert.NotEqual(cosigned, File.ReadAllBytes(log.Checkpoint));

        // It is said once in the record, and stays a problem also for the agents that come after.
        log.Append(1);
        await log.Cosigners.RoundAsync(sign: true, default);
        first.Restart();
        Assert.Single(first.Recorded(AuditAction.Forked));
        Assert.Single(first.State.Forks());

        // A new log is another one: the old fork is history.
        log.Dispose();
        Directory.Move(log.Home.Audit, root["evidence"]);
        clock.Advance(TimeSpan.FromMinutes(1));
        using var begun = new WitnessedNode(log.Home.Path, "node-1", clock);
        begun.Others.Add(first);
        await begun.Cosigners.RoundAsync(sign: true, default);
        Assert.Empty(first.State.Forks());
        Assert.Equal(first.Witness.Book.Logs[0].Origin, first.Recorded(AuditAction.Witnessing)[^1].Details["logBefore"]);
    }

    [Fact]
    public async Task Law07_what_a_witness_holds_is_on_disk_before_it_answers_and_a_damaged_file_is_not_forgotten()
    {
        log.Append(5);
        var seen = new List<string>();
        log.OnTheWay = answer =>
        {
            seen.AddRange(Directory.EnumerateFiles(Path.Combine(first.Home.Path, "witness")));
            return answer;
        };
        log.Others.Remove(second);
        await log.Cosigners.RoundAsync(sign: true, default);
        var file = Assert.Single(seen);
        Assert.Contains("holdfast/node-1/audit/", await File.ReadAllTextAsync(file), StringComparison.Ordinal);

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("\\n6\\n", "\\n7\\n", StringComparison.Ordinal).Replace("\"note\"", "\"not\"", StringComparison.Ordinal));
        first.Restart();
        log.Append(1);
        await log.Cosigners.RoundAsync(sign: true, default);
        Assert.Contains("is not what was written", Assert.Single(log.Cosigners.Known).Trouble, StringComparison.Ordinal);
        Assert.Contains(first.State.Findings(1), finding => finding.Verdict == "failed" && finding.What.Contains(file, StringComparison.Ordinal));
        Assert.Single(first.Recorded(AuditAction.Witnessing));
    }

    private AuditExportVerdict Export(long upTo, AuditExportExpectation expected)
    {
        var path = root[Guid.NewGuid().ToString("n")];
        using (var export = Law.Ok(log.Audit.Export(null, null, upTo)))
        using (var file = File.Create(path))
        {
            foreach (var chunk in export.Chunks()) file.Write(chunk.Span);
        }

        return Law.Ok(AuditExportVerifier.Verify(path, log.Audit.Key!, expected, default));
    }
}
