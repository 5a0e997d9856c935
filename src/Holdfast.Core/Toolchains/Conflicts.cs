using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>Two lines that cannot both be right.</summary>
internal static class Conflicts
{
    public static Problem Between(GoStatement first, GoStatement second) => new(ProblemKind.BadInput, "toolchain.conflict", $"'{first.Words}' names another Go than '{second.Words}' in {At(second)}")
    {
        Where = first.Place,
        Why = "neither is to win by chance",
        Mend = "let both name one version, or remove one",
    };

    public static Problem TooOld(GoStatement chosen, GoStatement least) => new(ProblemKind.BadInput, "toolchain.conflict", $"'{chosen.Words}' is older than '{least.Words}' in {At(least)}")
    {
        Where = chosen.Place,
        Why = "Go refuses to build a module that asks for a newer one, or fetches another compiler by itself",
        Mend = $"name {least.Version} or later here",
    };

    private static string At(GoStatement statement) => $"{statement.Place.File}:{statement.Place.Line}";
}
