namespace Holdfast.Node.Operations;

/// <summary>Who asks for a change, and under which id: the same id is the same change.</summary>
internal sealed record OperationRequest(string Id, string Actor);
