namespace Holdfast.Core.NativeServices;

/// <summary>One line of the SCM's list.</summary>
public sealed record ListedService(string Name, string DisplayName, ObservedStatus Status);
