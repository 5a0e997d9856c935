using Holdfast.Core.Operations;

namespace Holdfast.Core.Tests.Operations;

public sealed class OperationRetentionTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_newest_hundred_of_each_service_stay_for_thirty_days()
    {
        var many = Enumerable.Range(0, OperationRetention.PerService + 2).Select(i => Op($"many-{i}", "orders", TimeSpan.FromMinutes(i)));
        Operation[] few = [Op("young", "payments", TimeSpan.FromDays(29)), Op("old", "payments", TimeSpan.FromDays(31))];

        var surplus = OperationRetention.Surplus([.. many, .. few], Now).Select(operation => operation.Id);

        Assert.Equal(["many-100", "many-101", "old"], surplus.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_in_progress_or_not_recorded_is_never_forgotten()
    {
        Operation[] all =
        [
            Op("running", "orders", TimeSpan.FromDays(90)) with { Phase = OperationPhase.Applying, FinishedAt = null },
            Op("unrecorded", "orders", TimeSpan.FromDays(90)) with { Recorded = false },
        ];

        Assert.Empty(OperationRetention.Surplus(all, Now));
    }

    private static Operation Op(string id, string service, TimeSpan ago) => new()
    {
        Id = id, Action = OperationAction.Restart, Service = service, Actor = "alice", StartedAt = Now - ago, Release = 1,
        Phase = OperationPhase.Done, FinishedAt = Now - ago, Recorded = true,
    };
}
