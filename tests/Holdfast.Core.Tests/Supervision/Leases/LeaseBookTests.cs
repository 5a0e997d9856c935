using Holdfast.Core.Supervision.Leases;

namespace Holdfast.Core.Tests.Supervision.Leases;

public sealed class LeaseBookTests
{
    private static readonly LeaseBook Known = LeaseBook.Empty.Extend(7, At(1.5), At(2.1), At(0)).Value;

    [Fact]
    public void Law04_nothing_is_started_under_a_lease_that_nobody_has_told_of() =>
        Assert.Contains("was not told yet", LeaseBook.Empty.WhyNotStart(7, At(0)), StringComparison.Ordinal);

    [Fact]
    public void Law04_between_half_of_the_lease_and_its_deadline_nothing_new_is_let_in_and_what_runs_runs_on()
    {
        Assert.Null(Known.WhyNotStart(7, At(1.4)));
        Assert.Contains("half of the lease", Known.WhyNotStart(7, At(1.5)), StringComparison.Ordinal);
        Assert.Null(Known.WhyNotRun(7, At(2.0)));
        Assert.Contains("deadline has passed by 0.1 s", Known.WhyNotRun(7, At(2.2)), StringComparison.Ordinal);
    }

    [Fact]
    public void Law04_what_was_fenced_is_never_taken_up_again()
    {
        var fenced = Known.Fence(7, "the store says that it has ended");
        Assert.Equal("lease.fenced", fenced.Extend(7, At(5), At(9), At(1)).Problems[0].Rule);
        Assert.Equal("the store says that it has ended", fenced.WhyNotRun(7, At(1)));
        // One that was never told of is fenced as well.
        Assert.Equal("lease.fenced", LeaseBook.Empty.Fence(8, "so").Extend(8, At(5), At(9), At(1)).Problems[0].Rule);
    }

    [Fact]
    public void Law04_an_extension_after_the_deadline_comes_too_late() =>
        Assert.Equal("lease.fenced", Known.Extend(7, At(5), At(9), At(2.2)).Problems[0].Rule);

    [Fact]
    public void An_extension_never_shortens_and_ends_holding_back()
    {
        Assert.Same(Known, Known.Extend(7, At(1), At(1.9), At(0.5)).Value);
        var held = Known.HoldBack(7, "the clock jumped");
        Assert.Contains("the clock jumped", held.WhyNotStart(7, At(0.5)), StringComparison.Ordinal);
        Assert.Null(held.WhyNotRun(7, At(0.5)));
        Assert.Null(held.Extend(7, At(2), At(2.6), At(0.5)).Value.WhyNotStart(7, At(0.5)));
    }

    [Fact]
    public void Time_that_passes_a_deadline_fences_for_good()
    {
        Assert.Equal(At(2.1), Known.NextHardAt);
        var passed = Known.PassTime(At(2.1));
        Assert.Null(passed.NextHardAt);
        Assert.NotNull(passed.Find(7)!.Fenced);
        Assert.Same(Known, Known.PassTime(At(2.0)));
    }

    [Fact]
    public void Law04_however_many_there_are_none_is_forgotten_under_which_something_may_act()
    {
        var book = Known;
        for (var lease = 100; lease < 300; lease++)
        {
            book = book.Extend(lease, At(1.5), At(2.1), At(0)).Value;
            if (lease % 2 == 0) book = book.Fence(lease, "it is over");
        }

        Assert.Equal(101, book.Leases.Count(lease => lease.Fenced is null));
        Assert.NotNull(book.Find(7));
        Assert.Equal(64, book.Leases.Count(lease => lease.Fenced is not null));
        Assert.NotNull(book.Find(298)!.Fenced);
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
