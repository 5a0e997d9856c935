using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Packaging.Content;

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

    /// <summary>Every file again: what is otherwise than it was recorded, a sentence each; empty: nothing.</summary>
    public Outcome<IReadOnlyList<string>> Verify(CancellationToken cancel) => Recorded().Then(before => TreeScan.Run(Root, cancel).Then(now => Outcome.Of(before.ChangesTo(now))));

    private Outcome<TreeList> Recorded()
    {
        var path = Path.Combine(Folder, ToolchainStore.ListFile);
        try
        {
            return TreeList.Read(File.ReadAllBytes(path), Record.Tree);
        }
        catch (Exception failure) when (FileTrouble.Is(failure))
        {
            return FileTrouble.From(failure, $"read {path}");
        }
    }
}
