using Holdfast.Core.Problems;

namespace Holdfast.Platform;

/// <summary>What can be said of a launch before anything is started.</summary>
internal static class LaunchCheck
{
    public static Problem? Find(Launch launch)
    {
        if (!Path.IsPathFullyQualified(launch.Executable))
            return new(ProblemKind.BadInput, "process.relative-path", $"{launch.Executable} is not an absolute path.");
        // The kernel ends a text at a zero: what came after it would silently be gone.
        var withZero = launch.Arguments.Concat(launch.Environment.Keys).Concat(launch.Environment.Values)
            .Append(launch.Executable).Append(launch.WorkingFolder)
            .Any(text => text.Contains('\0', StringComparison.Ordinal));
        if (withZero)
            return new(ProblemKind.BadInput, "process.zero-character", $"An argument, a variable or a path of {launch.Executable} contains a zero character.");
        return launch.Environment.Keys.FirstOrDefault(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal)) is { } bad
            ? new(ProblemKind.BadInput, "process.bad-variable", $"'{bad}' cannot name an environment variable.")
            : null;
    }
}
