using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services.Reading;

/// <summary>What is wrong with a value, before it is known where it stands.</summary>
/// <param name="Rule">The rule that it breaks.</param>
/// <param name="What">Half a sentence that follows the key's path: <c>`5x` is not a duration</c>.</param>
internal sealed record Fault(SpecRule Rule, string What, string? Why = null, string? Mend = null);
