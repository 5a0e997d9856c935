using Holdfast.Core.Operations;
using Holdfast.Core.Problems;

namespace Holdfast.Node.State;

/// <summary>A document and the revision that a change of it must name.</summary>
/// <param name="Value">The document.</param>
/// <param name="Revision">Of its last change.</param>
/// <param name="Created">Of its making: a document deleted and made again has another.</param>
internal sealed record Versioned<T>(T Value, long Revision, long Created);

/// <summary>One service with all that is needed to move it on.</summary>
internal sealed record ServiceEntry(Versioned<ServiceRecord> Service, Versioned<Operation> Operation);

/// <summary>What is wanted of the node at one revision of the store.</summary>
/// <param name="Revision">The store's.</param>
/// <param name="Entries">All services that can be read, by name.</param>
/// <param name="Left">Operations that are no service's latest: another one ended them, or their service is gone.</param>
/// <param name="Damaged">What cannot be read; it concerns no other service.</param>
internal sealed record ServiceListing(
    long Revision, IReadOnlyList<ServiceEntry> Entries, IReadOnlyList<Versioned<Operation>> Left, IReadOnlyList<Problem> Damaged)
{
    /// <summary>The documents that it is made of, by key: the next listing reads only what is new.</summary>
    public required IReadOnlyDictionary<string, Versioned<ServiceRecord>> Services { get; init; }

    /// <inheritdoc cref="Services"/>
    public required IReadOnlyDictionary<string, Versioned<Operation>> Operations { get; init; }
}
