using Holdfast.Core.Operations;
using Holdfast.Core.Problems;

namespace Holdfast.Node.Operations;

/// <summary>Who asks for a change, and from where, and under which id: the same id is the same change.</summary>
internal sealed record OperationRequest(string Id, Actor Actor)
{
    private const int LongestId = 128;

    /// <summary>Ids become keys in the store and words in the audit log.</summary>
    public Outcome<Done> Check() => Id.Length is > 0 and <= LongestId && Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        ? Outcome.Done
        : new Problem(ProblemKind.BadInput, "operation.request-id", $"The request id has {Id.Length} characters or has some that are not allowed.")
        {
            Mend = $"use 1 to {LongestId} letters, digits, '-', '_' and '.'",
        };

    /// <summary>An operation that has this id already is the answer, if it is what is asked for.</summary>
    /// <param name="known">The operation that has the id.</param>
    /// <param name="action">That is asked for.</param>
    /// <param name="service">That it is asked for; null where only the package says it.</param>
    public Outcome<Operation?> Again(Operation known, OperationAction action, string? service) =>
        known.Action == action && (service is null || known.Service == service) ? known : OperationProblems.IdUsed(Id, known);
}
