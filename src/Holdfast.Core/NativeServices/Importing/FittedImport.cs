using Holdfast.Core.Problems;
using Holdfast.Core.Services;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>What an import becomes on this host.</summary>
/// <param name="Notes">Those of the import, and what is otherwise because of the host.</param>
/// <param name="Problems">What keeps it from being installed here; the definition can be read, and changed, all the same.</param>
public sealed record FittedImport(InstalledDefinition Definition, IReadOnlyList<ImportNote> Notes, IReadOnlyList<Problem> Problems);
