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
        Mend = operation.Action == OperationAction.Remove
            ? $"wait for it (`holdfast events {operation.Service} -f`)"
            : $"wait for it (`holdfast events {operation.Service} -f`), or end it by `holdfast stop {operation.Service}`",
    };

    public static Problem Overtaken(string service) => new(ProblemKind.Conflict, "operation.overtaken", $"Somebody else changed {service} at the same moment.")
    {
        Mend = "look at it (`holdfast ps`) and try again",
    };

    public static Problem IdUsed(string id, Operation known) => new(
        ProblemKind.Conflict, "operation.request-id-used", $"The request id {id} is that of a {known.Action.Word()} of {known.Service}.")
    {
        Mend = "use a new id for each change, and the same one only to ask for the same change again",
    };

    public static Problem ClientGone(string service) => new(ProblemKind.Unavailable, "operation.client-gone", $"The client went away before the change of {service} was accepted.");

    public static Problem PackageGone(string service, int number, string digest) => new(
        ProblemKind.NotFound, "release.package-gone", $"The package of release {number} of {service} is not on this node any more.")
    {
        Why = $"packages of releases that long since have others in their place are removed; this was {digest}",
        Mend = "deploy that package again",
    };

    public static Problem Bug(string service, Exception bug) => new(ProblemKind.Failed, "operation.bug", $"The agent could not handle {service}: {bug.Message}")
    {
        Mend = "report it with what the agent logged",
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
