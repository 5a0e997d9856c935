using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Problems;

namespace Holdfast.Cli.Units;

/// <summary>What Windows keeps of its services, as far as an import reads it. Nothing is changed by it.</summary>
internal interface IServiceRegistry
{
    /// <summary>A service's key and all below it; a <see cref="ProblemKind.NotFound"/> problem where there is no such service.</summary>
    Outcome<IReadOnlyList<RegistryKeyValues>> Read(string service);
}
