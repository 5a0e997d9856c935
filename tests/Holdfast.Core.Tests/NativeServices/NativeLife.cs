using Holdfast.Core.NativeServices;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.NativeServices;

/// <summary>A service under a model of the SCM: every step is held to the rules of the wire, whatever it is fed.</summary>
internal sealed class NativeLife
{
    private static readonly NativeControl[] Controls = [.. Enum.GetValues<NativeControl>(), (NativeControl)128, (NativeControl)255];

    private readonly Random random;
    private TimeSpan clock = TimeSpan.FromSeconds(1);

    public NativeLife(int seed, NativeServicePlan? plan = null)
    {
        random = new Random(seed);
        Plan = plan ?? AnyPlan();
        var first = NativeServiceMachine.Begin(Now);
        State = first.State;
        Take(first, "begin");
        Feed(new NativeInput.Planned(Plan));
    }

    public NativeServicePlan Plan { get; }

    public NativeService State { get; private set; }

    public ScmModel Scm { get; } = new();

    public List<NativeEffect> Effects { get; } = [];

    public TimeSpan Clock => clock;

    /// <summary>What has been fed, in order.</summary>
    public List<NativeInput> Fed { get; } = [];

    public NativeStep Feed(NativeInput input, double seconds = 0)
    {
        clock += TimeSpan.FromSeconds(seconds);
        Fed.Add(input);
        var step = NativeServiceMachine.Step(State, input, Now);
        Assert.False(string.IsNullOrWhiteSpace(step.Reason), $"no reason after {input}");
        State = step.State;
        Take(step, input.ToString());
        return step;
    }

    public uint Control(NativeControl control) => Feed(new NativeInput.Controlled(control)).Answer;

    /// <summary>Facts as they come, however senseless; controls as the SCM passes them, or in spite of it.</summary>
    public void Live(int steps, bool polite, bool hostFails = true)
    {
        for (var i = 0; i < steps; i++)
        {
            clock += TimeSpan.FromMilliseconds(random.Next(0, 3000));
            if (State.NextDue <= clock)
            {
                Feed(new NativeInput.TimePassed());
                continue;
            }

            var next = Anything(hostFails);
            if (polite && next is NativeInput.Controlled { Control: var control } && !Scm.Delivers(control)) continue;
            Feed(next);
        }
    }

    /// <summary>An instance that does what it is told: whatever has begun ends.</summary>
    public void Cooperate()
    {
        for (var i = 0; i < 20 && State.Phase is not NativePhase.Over; i++)
        {
            switch (State.Phase)
            {
                case NativePhase.Stopping when random.Next(3) > 0: Feed(new NativeInput.Progressed("killed", TimeSpan.FromSeconds(5)), 0.1); break;
                case NativePhase.Stopping: Feed(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped"), 0.1); break;
                case NativePhase.Closing closing when random.Next(2) == 0: Feed(new NativeInput.TimePassed(), (closing.By - clock).TotalSeconds); break;
                case NativePhase.Closing: Feed(new NativeInput.HostClosed(), 0.1); break;
                default: return;
            }
        }

        if (State.Phase is NativePhase.Stopping) Feed(new NativeInput.Ended(new NativeEnd.Wanted(), "stopped"));
        if (State.Phase is NativePhase.Closing) Feed(new NativeInput.HostClosed());
    }

    private Moment Now => new(clock, DateTimeOffset.UnixEpoch + clock);

    private void Take(NativeStep step, string after)
    {
        if (step.Report is { } report) Scm.Tell(report, after);
        Effects.AddRange(step.Effects);
        Assert.Equal(Scm.Seen, State.Reported);
    }

    private NativeServicePlan AnyPlan() => new()
    {
        Pause = random.Next(4) switch { 0 => null, var way => (PauseWay)(way - 1) },
        PauseWithin = TimeSpan.FromSeconds(random.Next(1, 20)),
        CanReload = random.Next(2) == 0,
        StopWithin = TimeSpan.FromSeconds(random.Next(1, 90)),
        PreshutdownWithin = random.Next(2) == 0 ? null : TimeSpan.FromSeconds(random.Next(1, 200)),
    };

    private NativeInput Anything(bool hostFails) => random.Next(hostFails ? 24 : 22) switch
    {
        0 or 1 or 2 or 3 or 4 or 5 => new NativeInput.Progressed("a step", TimeSpan.FromMilliseconds(random.Next(-100, 60_000))),
        6 or 7 or 8 => new NativeInput.BecameReady(),
        9 => new NativeInput.PauseDone(),
        10 => new NativeInput.PauseFailed("the hook failed"),
        11 => new NativeInput.ContinueDone(),
        12 => new NativeInput.ContinueFailed("the hook failed"),
        21 => new NativeInput.PauseLost("exit code 1"),
        13 when random.Next(3) == 0 => new NativeInput.StopBegan("wanted stopped"),
        14 when random.Next(3) == 0 => new NativeInput.Ended(AnyEnd(), "it ended"),
        15 when random.Next(3) == 0 => new NativeInput.HostClosed(),
        22 when random.Next(5) == 0 => new NativeInput.HostFailed("a bug"),
        _ => new NativeInput.Controlled(Controls[random.Next(Controls.Length)]),
    };

    private NativeEnd AnyEnd() => random.Next(5) switch
    {
        0 => new NativeEnd.Wanted(),
        1 => new NativeEnd.Completed(),
        2 => new NativeEnd.Failed(null),
        3 => new NativeEnd.Failed(new ExitInfo(0, null, false, DateTimeOffset.UnixEpoch)),
        _ => new NativeEnd.Failed(new ExitInfo(unchecked((int)0xC0000005), null, false, DateTimeOffset.UnixEpoch)),
    };
}
