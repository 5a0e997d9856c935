using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services;

/// <summary>From a document to what it means, or to everything that is wrong with it.</summary>
public static class SpecReader
{
    /// <summary>Reads a <c>kind: Service</c> document.</summary>
    /// <returns>The spec, or all problems (<see cref="ProblemKind.BadInput"/>), each with its place, in the order of the lines.</returns>
    public static Outcome<ServiceSpec> Read(DocumentNode document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var reading = new SpecReading();
        reading.Found("", document.Place);
        if (ServiceFields.Shape.TryRead(document, "", reading, out var spec))
        {
            foreach (var check in SpecChecks.All)
                check(spec, reading);
        }

        var problems = reading.Problems;
        return problems.Count > 0 ? Outcome.Failed<ServiceSpec>(problems) : spec!;
    }
}
