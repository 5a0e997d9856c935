using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>Which of the Go versions of this machine a project is built with, and why.</summary>
public sealed record GoChoice(GoVersion Version, IReadOnlyList<ToolchainReason> Reasons)
{
    /// <param name="demand">What the project says.</param>
    /// <param name="here">What this machine has.</param>
    /// <param name="preferred">What its user takes where nothing is said; null: nothing was chosen.</param>
    /// <returns>Or <c>toolchain.not-installed</c>, with what is wanted and what is there.</returns>
    public static Outcome<GoChoice> Of(GoDemand demand, IReadOnlyCollection<GoVersion> here, GoVersion? preferred)
    {
        ArgumentNullException.ThrowIfNull(demand);
        ArgumentNullException.ThrowIfNull(here);
        if (demand.Named is { } named)
            return Newest(here.Where(one => named.Version.Admits(one) && (demand.Least is null || one >= demand.Least.Version))) is { } found ? Checked(demand, found, []) : Missing(demand, here);
        if (preferred is not null && here.Contains(preferred) && (demand.Least is null || preferred >= demand.Least.Version))
            return Checked(demand, preferred, [new(null, "holdfast toolchain use", $"{preferred} is the default")]);
        if (demand.Least is not { } least)
            return Newest(here) is { } newest ? Checked(demand, newest, [new(null, "nothing is said", $"{newest} is the newest here")]) : Missing(demand, here);

        // The line that the module was written for, if it is here: a later one may build it otherwise.
        var good = here.Where(one => one >= least.Version && demand.Refuses(one).Count == 0).ToList();
        if (good.Count == 0) return Missing(demand, here);
        if (good.Exists(one => one.IsRelease)) good.RemoveAll(one => !one.IsRelease);
        var nearest = good.Min()!;
        var chosen = Newest(good.Where(nearest.IsSameLine))!;
        return Checked(demand, chosen, [new(null, $"at least {least.Version}", $"{chosen} is the nearest here")]);
    }

    private static Outcome<GoChoice> Checked(GoDemand demand, GoVersion version, IReadOnlyList<ToolchainReason> more) =>
        demand.Refuses(version) is { Count: > 0 } problems ? Outcome.Failed<GoChoice>(problems) : new GoChoice(version, [.. demand.Reasons, .. more]);

    /// <summary>What is not released yet is taken only where nothing else is there.</summary>
    private static GoVersion? Newest(IEnumerable<GoVersion> versions) => versions.OrderBy(one => one.IsRelease).ThenBy(one => one).LastOrDefault();

    private static Problem Missing(GoDemand demand, IReadOnlyCollection<GoVersion> here)
    {
        var there = here.Count == 0 ? "none is installed" : $"installed: {string.Join(", ", here.Distinct().Order())}";
        var wanted = demand.Named ?? demand.Least;
        var least = demand.Named is null ? " or later" : demand is { Named.Version.IsLine: true, Least: { } held } ? $", and '{held.Words}' at least {held.Version}" : "";
        return new(ProblemKind.NotFound, "toolchain.not-installed", wanted is null ? "there is no Go here" : $"'{wanted.Words}' wants Go {wanted.Version}{least}; {there}")
        {
            Where = wanted?.Place,
            Mend = $"holdfast toolchain install go{(wanted is null ? "@1.22.1" : $"@{wanted.Version}")} --from URL",
        };
    }
}
