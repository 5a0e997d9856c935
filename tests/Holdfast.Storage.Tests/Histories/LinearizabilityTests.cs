using Holdfast.Testing.Histories;
using static Holdfast.Testing.Histories.RegisterCall;

namespace Holdfast.Storage.Tests.Histories;

/// <summary>The search itself, on histories whose answer is known.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void Calls_one_after_the_other_must_see_each_other()
    {
        Assert.True(Holds((0, 1, new Write("a")), (2, 3, new Read("a"))));
        Assert.False(Holds((0, 1, new Write("a")), (2, 3, new Read(null))), "a stale read");
        Assert.False(Holds((0, 1, new Write("a")), (2, 3, new Write("b")), (4, 5, new Read("a"))), "a lost write");
        Assert.False(Holds((0, 1, new Read("a"))), "a value from nowhere");
    }

    [Fact]
    public void Calls_that_overlap_may_be_in_any_order()
    {
        Assert.True(Holds((0, 9, new Write("a")), (1, 3, new Read(null)), (4, 6, new Read("a"))));
        Assert.True(Holds((0, 9, new Write("a")), (0, 9, new Write("b")), (10, 11, new Read("a"))));
        Assert.False(Holds((0, 9, new Write("a")), (1, 3, new Read("a")), (4, 6, new Read(null))), "seen, and then no longer seen");
    }

    [Fact]
    public void Of_two_swaps_of_the_same_value_one_succeeds()
    {
        Assert.True(Holds((0, 1, new Write("a")), (2, 9, new Swap("a", "b", true)), (2, 9, new Swap("a", "c", false)), (10, 11, new Read("b"))));
        Assert.False(Holds((0, 1, new Write("a")), (2, 9, new Swap("a", "b", true)), (2, 9, new Swap("a", "c", true))), "two leaders");
    }

    [Fact]
    public void What_nobody_answered_may_have_happened_at_any_time_or_never()
    {
        const long Never = Observed<RegisterCall>.Never;
        Assert.True(Holds((0, Never, new Write("a")), (2, 3, new Read(null)), (4, 5, new Read("a"))));
        Assert.True(Holds((0, Never, new Write("a")), (2, 3, new Read(null)), (4, 5, new Read(null))));
        Assert.True(Holds((0, 1, new Write("a")), (2, Never, new Swap("a", "b", null)), (4, 5, new Read("b"))));
        Assert.False(Holds((0, Never, new Write("a")), (2, 3, new Read("a")), (4, 5, new Read(null))), "it cannot happen and be undone");
    }

    [Fact]
    public void A_history_without_an_order_says_how_far_one_goes()
    {
        var found = Linearizability.Check(new Register(null), Calls((0, 1, new Write("a")), (2, 3, new Read("a")), (4, 5, new Read("b"))), Step);
        Assert.False(found.Holds);
        Assert.Equal([new Write("a"), new Read("a")], found.Order.Select(o => o.Call));
    }

    /// <summary>Histories made by a register that takes each call at some moment within it are always explained; with one answer falsified they are not.</summary>
    [Fact]
    public void What_a_true_register_answers_is_explained_and_a_false_answer_is_found()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var calls = Simulated(new Random(seed));
            Assert.True(Linearizability.Check(new Register(null), calls, Step).Holds, $"seed {seed}");
            var read = calls.FindLastIndex(c => c.Call is Read);
            if (read < 0) continue;
            calls[read] = calls[read] with { Call = new Read("from nowhere") };
            Assert.False(Linearizability.Check(new Register(null), calls, Step).Holds, $"seed {seed}");
        }
    }

    private static List<Observed<RegisterCall>> Simulated(Random chance)
    {
        var moments = Enumerable.Range(0, 60).Select(i => (Moment: (long)i * 10, Early: chance.Next(25), Late: chance.Next(25)));
        var register = new Register(null);
        var calls = new List<Observed<RegisterCall>>();
        foreach (var (moment, early, late) in moments)
        {
            RegisterCall call = chance.Next(3) switch
            {
                0 => new Read(register.Value),
                1 => new Write($"{moment}"),
                _ => chance.Next(2) == 0 && register.Value is { } value ? new Swap(value, $"{moment}", true) : new Swap("nothing", $"{moment}", false),
            };
            register = Step(register, call)!;
            calls.Add(new(moment - early, moment + late, call));
        }

        return calls;
    }

    private static bool Holds(params (long Begin, long End, RegisterCall Call)[] calls) => Linearizability.Check(new Register(null), Calls(calls), Step).Holds;

    private static List<Observed<RegisterCall>> Calls(params (long Begin, long End, RegisterCall Call)[] calls) =>
        [.. calls.Select(c => new Observed<RegisterCall>(c.Begin, c.End, c.Call))];
}
