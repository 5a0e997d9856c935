using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>What another wrapper's configuration means here.</summary>
/// <param name="Was">The service's name there.</param>
/// <param name="Spec">A native service. Its executable is one of the host, which the machine pins when it is installed.</param>
/// <param name="WorkingFolder">Where it starts, a folder of the host; null: where its executable is.</param>
/// <param name="Taken">What was taken over, and under which key.</param>
/// <param name="Notes">All that was not taken, or that is otherwise here; empty: it is the same service.</param>
public sealed record ImportedService(string Was, ServiceSpec Spec, string? WorkingFolder, IReadOnlyList<TakenSetting> Taken, IReadOnlyList<ImportNote> Notes)
{
    /// <summary>Where in its file stands what became a key of the definition, as far as its reader knows.</summary>
    public IReadOnlyDictionary<string, Place> Places { get; init; } = new Dictionary<string, Place>();
}
