namespace Holdfast.Core.Placement;

/// <summary>What the loss of one node would do to the services that are on it.</summary>
/// <param name="Services">In the order in which they would be moved; those that would not notice are not among them.</param>
public sealed record NodeLoss(string Node, IReadOnlyList<ServiceLoss> Services);

/// <param name="To">Where it would go; empty: nowhere, or it need not.</param>
/// <param name="HasNowhereToGo">What ran there would not run.</param>
/// <param name="Says">The same as a sentence that begins with the service's name.</param>
public sealed record ServiceLoss(string Service, IReadOnlyList<string> To, bool HasNowhereToGo, string Says);
