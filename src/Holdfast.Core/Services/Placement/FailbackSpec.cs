namespace Holdfast.Core.Services;

/// <param name="From">By the leader's local time; only with <see cref="FailbackMode.Between"/>.</param>
/// <param name="To">Not included; before <paramref name="From"/> where the hours go over midnight.</param>
public sealed record FailbackSpec(FailbackMode Mode, TimeOnly? From = null, TimeOnly? To = null);
