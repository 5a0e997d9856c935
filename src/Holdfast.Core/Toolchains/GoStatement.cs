using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>What a line of a file says about Go.</summary>
/// <param name="Place">The line.</param>
/// <param name="Words">As it stands there: <c>toolchain go1.22.1</c>.</param>
public sealed record GoStatement(GoVersion Version, Place Place, string Words);
