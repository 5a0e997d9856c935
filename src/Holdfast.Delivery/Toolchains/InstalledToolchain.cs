using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;

namespace Holdfast.Delivery.Toolchains;

/// <summary>A toolchain of the store.</summary>
/// <param name="Folder">Where its record is.</param>
/// <param name="Root">Its GOROOT: in the store, or where it was adopted.</param>
public sealed record InstalledToolchain(ToolchainRecord Record, string Folder, string Root)
{
    public string Program => GoRoot.ProgramOf(Root);

    /// <summary>Whether it still says the version that was recorded: an adopted one is the distribution's to replace. A look at one small file.</summary>
    /// <returns>Or <c>toolchain.replaced</c>, with both versions.</returns>
    public Outcome<InstalledToolchain> Look()
    {
        var said = GoRoot.VersionOf(Root);
        if (said.TryGet(out var version) && version == Record.Version) return this;
        return new Problem(ProblemKind.Damaged, "toolchain.replaced", said.IsOk ? $"{Root} was Go {Record.Version} and is {version} now" : $"Go {Record.Version} in {Root} is no more what it was")
        {
            Why = said.IsOk ? null : said.Problems[0].ToString(),
            Mend = Record.IsAdopted ? $"adopt it again: holdfast toolchain install go --adopt {Root}" : $"holdfast toolchain remove go@{Record.Version}, then install it again",
        };
    }
}
