using Holdfast.Core.Operations;
using Holdfast.Core.Problems;

namespace Holdfast.Node.Operations;

/// <summary>Why a change is not accepted. Rule names are append-only.</summary>
internal static class OperationProblems
{
    public static Problem NoService(string name) => new(ProblemKind.NotFound, "service.unknown", $"There is no service {name} on this node.")
    {
        Mend = "`holdfast ps` lists those there are",
    };

    public static Problem InProgress(Operation operation) => new(
        ProblemKind.Conflict, "operation.in-progress", $"A {operation.Action.Word()} of {operation.Service} is in progress since {operation.StartedAt:u}: {operation.Reason}")
    {
        Mend = $"wait for it (`holdfast events {operation.Service} -f`), or stop the service",
    };

    public static Problem Overtaken(string service) => new(ProblemKind.Conflict, "operation.overtaken", $"Somebody else changed {service} at the same moment.")
    {
        Mend = "look at it (`holdfast ps`) and try again",
    };

    public static Problem NoRelease(string service, int number) => new(ProblemKind.NotFound, "release.unknown", $"{service} has no release {number}.")
    {
        Mend = $"`holdfast history {service}` lists those it has",
    };

    public static Problem NothingBefore(string service, int number) => new(
        ProblemKind.NotFound, "release.none-before", $"{service} has no earlier release to go back to than {number}.")
    {
        Mend = "deploy the package that should run",
    };

    public static Problem PortTaken(string service, string port, int number, string other) => new(
        ProblemKind.Conflict, "port.declared-twice", $"Port {port} of {service} is {number}, and so is one of {other} on this node.")
    {
        Mend = "give one of them another number, or `auto`",
    };

    public static Problem NotRunning(string service, string state) => new(ProblemKind.Conflict, "instance.not-running", $"{service} is {state}.")
    {
        Mend = $"`holdfast start {service}` starts it",
    };
}
