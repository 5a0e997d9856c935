using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;

namespace Holdfast.Node.Tests.Operations;

/// <summary>Changes that are no operations (a push, a signal): their record has an outcome too, whatever becomes of client and agent.</summary>
public sealed class ChangeRecordTests
{
    private static readonly AuditOutcome[] Failed = [AuditOutcome.Intended, AuditOutcome.Failed];

    [Fact]
    public async Task Law07_a_client_that_goes_away_leaves_no_intention_without_outcome()
    {
        await using var node = await TestNode.StartAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Agent.Record.AroundAsync<Done>(
            "alice", "signal", "orders", "one", new Dictionary<string, string>(), () => Task.FromCanceled<Outcome<Done>>(new(canceled: true))));

        Assert.Equal(Failed, node.Recorded("one"));
    }

    [Fact]
    public async Task Law07_a_failure_that_nobody_foresaw_leaves_no_intention_without_outcome()
    {
        await using var node = await TestNode.StartAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => node.Agent.Record.AroundAsync<Done>(
            "alice", "signal", "orders", "one", new Dictionary<string, string>(), () => throw new InvalidOperationException("a bug")));

        Assert.Equal(Failed, node.Recorded("one"));
    }

    [Fact]
    public async Task Law07_an_agent_that_died_over_a_push_has_its_outcome_recorded_once_by_the_next()
    {
        await using var node = await TestNode.StartAsync();
        _ = node.Agent.Record.AroundAsync("alice", "push", "orders", "one", new Dictionary<string, string>(), () => new TaskCompletionSource<Outcome<Done>>().Task);
        Assert.Equal([AuditOutcome.Intended], node.Recorded("one"));

        await node.RestartAgentAsync();
        await node.RestartAgentAsync();

        Assert.Equal(Failed, node.Recorded("one"));
    }
}
