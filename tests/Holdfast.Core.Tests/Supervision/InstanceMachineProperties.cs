using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

public sealed class InstanceMachineProperties
{
    private static readonly Config Lives = Config.QuickThrowOnFailure.WithMaxTest(400);

    [Fact]
    public void Law05_no_life_has_two_trees_or_more_restarts_than_its_budget() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => new RandomLife(seed).Live(150)).Check(Lives);

    [Fact]
    public void What_is_wanted_stopped_gets_there_from_anywhere() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var life = new RandomLife(seed);
        life.Live(seed % 90);
        life.Cooperate(new Input.Applied(life.State.Desired with { Run = RunState.Stopped }));
        Assert.False(life.Alive);
        Assert.IsType<Phase.Stopped>(life.State.Phase);
    }).Check(Lives);

    [Fact]
    public void What_is_removed_is_gone_from_anywhere() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var life = new RandomLife(seed);
        life.Live(seed % 90);
        life.Cooperate(new Input.Removed());
        Assert.False(life.Alive);
        Assert.IsType<Phase.Gone>(life.State.Phase);
    }).Check(Lives);

    [Fact]
    public void Law04_what_is_fenced_does_not_live_and_is_not_started_again_from_anywhere() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var life = new RandomLife(seed);
        life.Live(seed % 90);
        var run = life.State.Run;
        life.Cooperate(new Input.Fenced("its deadline has passed"));
        // Something else was wanted already: that is another start, which waits for a lease of its own where it is led.
        if (life.State.Run > run) return;
        Assert.False(life.Alive);
        Assert.True(life.State.Phase is Phase.Fenced or Phase.Stopped or Phase.Failed or Phase.Completed or Phase.Gone, $"{life.State.Phase}");
    }).Check(Lives);

    [Fact]
    public void What_is_fenced_twice_is_fenced_once() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var life = new RandomLife(seed);
        life.Live(seed % 90);
        var now = new Moment(TimeSpan.FromDays(1), DateTimeOffset.UnixEpoch);
        var once = InstanceMachine.Step(life.State, new Input.Fenced("its deadline has passed"), now);
        var twice = InstanceMachine.Step(once.State, new Input.Fenced("its deadline has passed"), now);
        Assert.Empty(twice.Effects);
    }).Check(Lives);

    [Fact]
    public void When_the_supervisor_ends_nothing_lives_on() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var life = new RandomLife(seed);
        life.Live(seed % 90);
        life.Cooperate(new Input.Halted());
        Assert.False(life.Alive);
        Assert.False(life.State.MayHaveProcesses);
    }).Check(Lives);
}
