using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Packaging.Building;

/// <summary>Every command of a spec that is executed as it stands, and whether the package has what it names.</summary>
internal static class Commands
{
    /// <summary>Package paths of the relative commands: these files are executable whatever their content.</summary>
    public static IReadOnlySet<string> RelativePaths(ServiceSpec spec) =>
        All(spec).Select(c => c.Executable).Where(e => !IsElsewhere(e)).Select(Normal).ToHashSet(StringComparer.Ordinal);

    public static IEnumerable<Problem> Missing(ServiceSpec spec, IReadOnlySet<string> paths) =>
        from command in All(spec)
        where !IsElsewhere(command.Executable) && !paths.Contains(Normal(command.Executable))
        select new Problem(ProblemKind.BadInput, "pack.command-missing", $"{command.Key}: {command.Executable} is not among the packed files")
        {
            Why = "a relative command is a file of the package",
            Mend = "build it first, add it under 'files', or name a host executable by its absolute path",
        };

    private static IEnumerable<(string Key, string Executable)> All(ServiceSpec spec) => SpecCommands.Of(spec).Select(one => (one.Key, one.Command[0]));

    /// <summary>A host executable, or something that only the agent can resolve.</summary>
    private static bool IsElsewhere(string executable) =>
        executable.StartsWith('/') || executable.Contains("${", StringComparison.Ordinal) || (executable.Length > 1 && executable[1] == ':') || executable.StartsWith('\\');

    private static string Normal(string executable) => executable.StartsWith("./", StringComparison.Ordinal) ? executable[2..] : executable;
}
