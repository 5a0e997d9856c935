using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Node.Hosting;

/// <summary>Why an agent does not start. Rule names are append-only.</summary>
internal static class AgentProblems
{
    public static Problem AlreadyRunning(Home home, Problem held) => new(
        ProblemKind.Conflict, "agent.already-running", $"An agent is running already in {home.Path}.")
    {
        Why = held.What,
        Mend = "use that one (`holdfast ps`), or give this one a home of its own with --home",
    };
}
