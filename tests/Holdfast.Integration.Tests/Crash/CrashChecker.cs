using Holdfast.Core.Auditing;
using Holdfast.Integration.Tests.Nodes;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>Looks at a node in which somebody has died: is everything as wanted, once, recorded, and nothing left over?</summary>
internal sealed class CrashChecker(CrashNode node, CrashOperation operation)
{
    /// <summary>What one tree of the patient is: itself and its child in a session of its own.</summary>
    private const int ProcessesPerInstance = 2;

    private static readonly EnumerationOptions everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 };

    private long recordedBefore;
    private int supervisorBefore, ledgerBefore, ordersBefore;

    /// <summary>Before the operation.</summary>
    public async Task BeginAsync()
    {
        await ConvergeAsync(operation.From);
        recordedBefore = Entries(0).LastOrDefault()?.Sequence ?? 0;
        (supervisorBefore, ledgerBefore, ordersBefore) = (node.Node.SupervisorPid, MainOf("ledger-0"), MainOf("orders-0"));
    }

    /// <summary>After it: waits for the node to come to rest, and judges it.</summary>
    /// <param name="answer">Of the command; 137 when it was ended itself.</param>
    public async Task JudgeAsync(CommandResult answer)
    {
        Assert.True(new[] { 0, 5, 6, 7, 137 }.Concat(operation.Answers).Contains(answer.ExitCode), $"`{answer.Command}` exited with {answer.ExitCode}: {answer.Error}");
        Assert.DoesNotContain("   at Holdfast.", answer.Error, StringComparison.Ordinal);
        await Eventually.SeeAsync("each intention with one outcome", () => Task.FromResult(Unfinished()), left => left.Length == 0);
        var done = operation.Audited is null || Outcomes().LastOrDefault() == AuditOutcome.Done;
        Assert.True(done || answer.ExitCode != 0, $"the command said that it is done, and the record says {string.Join(", ", Outcomes())}");

        await ConvergeAsync(done ? operation.To : operation.From);
        if (done && operation.Effect is { } effect)
            await Eventually.SeeAsync("its effect", () => effect(node));
        if (answer.ExitCode != 0)
            await GoOnAsync();
        await Eventually.SeeAsync("nothing left over", () => Task.FromResult(string.Join(", ", Leftovers())), left => left.Length == 0);
        JudgeRecord(answer);
        var killed = supervisorBefore != node.Node.SupervisorPid;
        if (!killed)
            Assert.Equal(ledgerBefore, MainOf("ledger-0"));
        if (done && operation.Audited == "restart")
            Assert.NotEqual(ordersBefore, MainOf("orders-0"));
        await node.Ledger.SettleAsync(killed);
        await node.Orders.SettleAsync(killed);
        Assert.Empty(Directory.GetFileSystemEntries(node.Home.Instances, "overlaps", SearchOption.AllDirectories));
    }

    /// <summary>What came of a package whose sender died is kept for a day, for whoever sends it again: so that is what happens here, and then it must be gone.</summary>
    private async Task GoOnAsync()
    {
        if (!Leftovers().Any(IsPart))
            return;
        (await operation.RunAsync(node)).Ok();
        await ConvergeAsync(operation.To);
    }

    /// <summary>Both as wanted by the agent's word, and by the kernel's: one tree of each that is to run, and none else.</summary>
    private async Task ConvergeAsync(ServiceState orders)
    {
        await Eventually.SeeAsync(
            $"orders {orders}, and one tree each",
            async () => await DifferenceAsync(orders),
            difference => difference.Length == 0);
    }

    private async Task<string> DifferenceAsync(ServiceState wanted)
    {
        var listed = await node.ListAsync();
        if (listed is null)
            return node.Node.AgentHasEnded ? "no agent runs" : "no agent answers";
        var orders = listed.SingleOrDefault(instance => instance.Service == "orders");
        if (orders?.Version != wanted.Version || (orders is not null && (orders.Wanted == "running") != wanted.Running))
            return $"orders is {orders?.Version ?? "gone"}, wanted {orders?.Wanted}";
        if (orders is not null && orders.State != (wanted.Running ? "running" : "stopped"))
            return $"orders is {orders.State}: {orders.Reason}";
        if (listed.Single(instance => instance.Service == "ledger") is { } ledger && ledger.State != "running")
            return $"ledger is {ledger.State}: {ledger.Reason}";

        var processes = Processes.Of(node.Home.Path);
        var trees = from process in processes group process by process.Instance into one select (one.Key, Count: one.Count(), Main: MainOf(one));
        var expected = new SortedDictionary<string, int>(StringComparer.Ordinal) { ["ledger-0"] = listed.Single(instance => instance.Service == "ledger").Pid };
        if (wanted.Running)
            expected["orders-0"] = orders!.Pid;
        var seen = trees.OrderBy(tree => tree.Key, StringComparer.Ordinal).Select(tree => $"{tree.Key} {tree.Main} ×{tree.Count}");
        var asked = expected.Select(one => $"{one.Key} {one.Value} ×{ProcessesPerInstance}");
        return seen.SequenceEqual(asked) ? "" : $"[{string.Join(", ", seen)}] runs, [{string.Join(", ", asked)}] should";
    }

    private void JudgeRecord(CommandResult answer)
    {
        var verdict = AuditVerifier.Verify(node.Home.Audit, [], default).Value;
        Assert.True(verdict.Whole, string.Join("; ", verdict.Findings.Select(finding => finding.What)));
        foreach (var one in Changes())
        {
            // Refused is an answer by itself. Dead between its intention and its acceptance, it is a change that failed and, asked for again, one that is made.
            var outcomes = one.Select(entry => entry.Outcome).ToArray();
            Assert.True(
                outcomes is [AuditOutcome.Refused] or [AuditOutcome.Intended, not AuditOutcome.Intended] or [AuditOutcome.Intended, AuditOutcome.Failed, AuditOutcome.Intended, not AuditOutcome.Intended],
                $"{one.First().Action} {one.Key}: {string.Join(", ", outcomes)} ({answer.Command} ended with {answer.ExitCode})");
        }
    }

    private string Unfinished() => string.Join(", ", Changes().Where(one => one.Last().Outcome == AuditOutcome.Intended).Select(one => $"{one.First().Action} {one.Key}"));

    private List<AuditOutcome> Outcomes() => [.. Entries(recordedBefore).Where(entry => entry.Action == operation.Audited).Select(entry => entry.Outcome)];

    /// <summary>The log's own entries are no changes, and neither is what was noticed of the policy files.</summary>
    private IEnumerable<IGrouping<string, AuditEntry>> Changes() =>
        Entries(recordedBefore).Where(entry => !entry.Action.StartsWith("audit.", StringComparison.Ordinal) && entry.Action != PolicyChange.Action).GroupBy(entry => entry.Operation);

    private IEnumerable<AuditEntry> Entries(long after) => AuditReader.Read(node.Home.Audit, new() { AfterSequence = after });

    private IEnumerable<string> Leftovers() => Directory.EnumerateFileSystemEntries(node.Home.Path, "*", everything)
        .Select(path => Path.GetRelativePath(node.Home.Path, path))
        .Where(path => path.EndsWith(".unfinished", StringComparison.Ordinal) || path.StartsWith("incoming/", StringComparison.Ordinal)
            || path.StartsWith("packages/.", StringComparison.Ordinal) || path.StartsWith("upgrade.check", StringComparison.Ordinal) || path.EndsWith(".tmp", StringComparison.Ordinal));

    private static bool IsPart(string path) => path.StartsWith("incoming/", StringComparison.Ordinal) && path.EndsWith(".part", StringComparison.Ordinal);

    private int MainOf(string instance) => MainOf(Processes.Of(node.Home.Path).Where(process => process.Instance == instance));

    private static int MainOf(IEnumerable<ServiceProcess> tree)
    {
        var all = tree.ToList();
        return all.FirstOrDefault(process => all.All(other => other.Pid != process.Parent))?.Pid ?? 0;
    }
}
