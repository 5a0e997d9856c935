using Holdfast.Core.Health;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

/// <summary>fluent-bit#11847, vector#26118: it looks healthy, and collects nothing.</summary>
public sealed class SilenceTests
{
    private static readonly DateTimeOffset now = new(2026, 11, 27, 15, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FluentBit11847_who_runs_and_has_written_nothing_for_too_long_is_told()
    {
        Assert.Equal(
            "it has written nothing for 12m, and is to write at least every 10m (output.silence)",
            Silence.Of(Running(startedAgo: 60, wroteAgo: 12), TimeSpan.FromMinutes(10), now));
        Assert.NotNull(Silence.Of(Running(startedAgo: 11, wroteAgo: null), TimeSpan.FromMinutes(10), now));
    }

    [Fact]
    public void Who_writes_or_was_just_started_or_does_not_run_or_need_not_write_is_not_silent()
    {
        var longest = TimeSpan.FromMinutes(10);
        Assert.Null(Silence.Of(Running(startedAgo: 60, wroteAgo: 9), longest, now));
        Assert.Null(Silence.Of(Running(startedAgo: 1, wroteAgo: 30), longest, now));
        Assert.Null(Silence.Of(Running(startedAgo: 60, wroteAgo: 30) with { State = InstanceState.Stopped }, longest, now));
        Assert.Null(Silence.Of(Running(startedAgo: 60, wroteAgo: 30), null, now));
    }

    private static InstanceStatus Running(int startedAgo, int? wroteAgo) => new()
    {
        Service = "payments",
        Instance = "payments-0",
        Release = 1,
        PackageDigest = "",
        Incarnation = 1,
        Wanted = RunState.Running,
        State = InstanceState.Running,
        Health = HealthState.Healthy,
        Reason = "",
        Since = now,
        StartedAt = now.AddMinutes(-startedAgo),
        Capture = new() { LastLineAt = wroteAgo is { } ago ? now.AddMinutes(-ago) : null },
    };
}
