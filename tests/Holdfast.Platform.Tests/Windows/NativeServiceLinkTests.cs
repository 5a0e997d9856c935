using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Platform.Tests.Windows;

/// <summary>The threads around the machine. They are the same on every system; the SCM itself is shown under Wine.</summary>
public sealed class NativeServiceLinkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly NativeServicePlan Plan = new() { StopWithin = TimeSpan.FromSeconds(20) };

    private readonly RecordingReporter reporter = new();

    [Fact]
    public async Task The_handler_returns_while_the_service_is_busy_and_stopped_comes_from_the_last_thread()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var body = new ScriptedBody(Plan, (link, effect) =>
        {
            if (effect is NativeEffect.StopInstance)
            {
                entered.Set();
                release.Wait(Patience);
                link.Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped"));
            }
            else if (effect is NativeEffect.CloseHost)
            {
                link.Tell(new NativeInput.HostClosed());
            }
        });
        var (link, served) = Serve(body);
        link.Tell(new NativeInput.Progressed("started", TimeSpan.FromSeconds(5)));
        link.Tell(new NativeInput.BecameReady());

        Assert.Equal(WindowsError.None, link.Control(NativeControl.Stop));
        Assert.True(entered.Wait(Patience));
        // The one thread that carries out is held; the handler answers all the same.
        Assert.Equal(WindowsError.None, link.Control(NativeControl.Interrogate));
        Assert.Equal(WindowsError.CannotAcceptControl, link.Control(NativeControl.Stop));
        release.Set();

        var last = await served.WaitAsync(Patience);
        Assert.Equal(["StartPending 1", "StartPending 2", "Running 0", "StopPending 1", "StopPending 2", "Stopped 0"], reporter.Told);
        Assert.Equal(last, reporter.LastThread);
        Assert.Null(reporter.Abandoned);
    }

    [Fact]
    public async Task Dotnet_docs36374_and_23603_the_first_report_waits_for_nothing_that_is_read()
    {
        using var read = new ManualResetEventSlim();
        var body = new ScriptedBody(Plan, (link, effect) =>
        {
            if (effect is NativeEffect.StopInstance) link.Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped"));
            if (effect is NativeEffect.CloseHost) link.Tell(new NativeInput.HostClosed());
        })
        { Reads = () => read.Wait(Patience) };
        var (link, served) = Serve(body);
        Assert.Equal(["StartPending 1"], reporter.Told);
        Assert.Equal(WindowsError.None, link.Control(NativeControl.Interrogate));
        read.Set();
        link.Tell(new NativeInput.BecameReady());
        link.Control(NativeControl.Stop);
        await served.WaitAsync(Patience);
        Assert.Equal("Stopped 0", reporter.Told[^1]);
    }

    [Fact]
    public async Task An_exception_of_the_body_is_a_crash_without_stopped()
    {
        var (link, served) = Serve(new ScriptedBody(Plan, (_, effect) => throw new InvalidOperationException($"cannot {effect.GetType().Name}")) { Reads = () => throw new InvalidOperationException("no spec") });
        await served.WaitAsync(Patience);
        Assert.Equal("InvalidOperationException: no spec", reporter.Abandoned);
        Assert.Equal(["StartPending 1"], reporter.Told);
        Assert.Equal(WindowsError.NotActive, link.Control(NativeControl.Stop));
    }

    [Fact]
    public async Task A_body_that_fails_to_stop_ends_in_stopped_with_1067_after_its_time()
    {
        var (link, served) = Serve(new ScriptedBody(Plan, (_, _) => throw new InvalidOperationException("cannot")));
        link.Tell(new NativeInput.BecameReady());
        link.Control(NativeControl.Stop);
        await served.WaitAsync(Patience);
        Assert.Equal("Stopped 0", reporter.Told[^1]);
        Assert.Equal(NativeExit.Unexpected, reporter.LastExit);
    }

    [Fact]
    public async Task Controls_from_many_threads_leave_one_order_of_reports()
    {
        var body = new ScriptedBody(Plan with { Pause = PauseWay.Suspend, PauseWithin = TimeSpan.FromSeconds(20) }, (link, effect) =>
        {
            switch (effect)
            {
                case NativeEffect.PauseInstance: link.Tell(new NativeInput.PauseDone()); break;
                case NativeEffect.ContinueInstance: link.Tell(new NativeInput.ContinueDone()); break;
                case NativeEffect.StopInstance: link.Tell(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped")); break;
                case NativeEffect.CloseHost: link.Tell(new NativeInput.HostClosed()); break;
            }
        });
        var (link, served) = Serve(body);
        link.Tell(new NativeInput.BecameReady());
        await Task.WhenAll(Enumerable.Range(0, 4).Select(one => Task.Run(() =>
        {
            for (var i = 0; i < 500; i++) link.Control((i + one) % 2 == 0 ? NativeControl.Pause : NativeControl.Continue);
        })));
        link.Control(NativeControl.Stop);
        await served.WaitAsync(Patience);
        Assert.Equal("Stopped 0", reporter.Told[^1]);
        Assert.Single(reporter.Told, told => told.StartsWith("Stopped", StringComparison.Ordinal));
        Assert.False(reporter.Overlapped);
    }

    private (NativeServiceLink Link, Task<int> Served) Serve(INativeServiceBody body)
    {
        var link = new NativeServiceLink(reporter, TimeProvider.System);
        return (link, Task.Factory.StartNew(
            () =>
            {
                link.Serve(body);
                return Environment.CurrentManagedThreadId;
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
    }
}
