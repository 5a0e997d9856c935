using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Delivery.Toolchains;

namespace Holdfast.Cli.Toolchains;

/// <summary>The Go that a project is built with, and why.</summary>
/// <param name="Sdk">What a global.json says of .NET, which is the dotnet command's to follow; null: nothing.</param>
internal sealed record ChosenToolchain(InstalledToolchain Toolchain, IReadOnlyList<ToolchainReason> Reasons, SdkDemand? Sdk);

/// <summary>The toolchains of who calls, and which of them is meant.</summary>
internal sealed class UserToolchains(CliContext cli)
{
    private const string Language = "go";

    public ToolchainStore Store { get; } = new(ToolchainFolder.Find(cli.GivenHome), new ToolchainDisk(), cli.Time);

    /// <summary>The version of <c>go@1.22.1</c>; null: <c>go</c>.</summary>
    public static Outcome<GoVersion?> Named(string given)
    {
        var parts = given.Split('@', 2);
        if (parts[0] != Language) return new Problem(ProblemKind.BadInput, "toolchain.language", $"'{given}' names no toolchain that is known") { Mend = "write go@1.22.1, or go" };
        return parts.Length == 1 ? Outcome.Of<GoVersion?>(null) : GoVersion.Parse(parts[1]).Then(version => Outcome.Of<GoVersion?>(version));
    }

    /// <summary>The installed one that is named; of a line the newest.</summary>
    public Outcome<InstalledToolchain> Find(string given) => Named(given).Then(version => Store.List().Then<InstalledToolchain>(all =>
    {
        if (version is null) return new Problem(ProblemKind.BadInput, "toolchain.no-version", $"'{given}' names no version") { Mend = "write go@1.22.1" };
        var meant = all.Where(one => version.Admits(one.Record.Version)).Select(one => one.Record.Version).Max();
        if (all.FirstOrDefault(one => one.Record.Version == meant) is { } found) return found;
        return new Problem(ProblemKind.NotFound, "toolchain.not-installed", $"Go {version} is not installed") { Mend = all.Count == 0 ? $"holdfast toolchain install go@{version} --from URL" : $"installed: {string.Join(", ", all.Select(one => one.Record.Version).Distinct())}" };
    }));

    /// <summary>What the files of this folder, or above it, say.</summary>
    public Outcome<(GoDemand Go, SdkDemand? Sdk)> Demand(string folder) => ProjectSearch.Find(folder, cli.Folder).Then<(GoDemand, SdkDemand?)>(files =>
    {
        var go = GoDemand.Of(files);
        var sdk = files.FirstOrDefault(file => file.Name == ProjectFile.GlobalJson) is { } json ? GlobalJson.Read(json) : Outcome.Of<SdkDemand?>(null);
        return go.IsOk && sdk.IsOk ? (go.Value, sdk.Value) : Outcome.Failed<(GoDemand, SdkDemand?)>([.. go.Problems, .. sdk.Problems]);
    });

    /// <summary>The one that a project is built with, which is looked at: an adopted one may have been replaced.</summary>
    public Outcome<ChosenToolchain> Choose(string folder) => Demand(folder).Then(demand => Store.List().Then(all => Store.Default().Then(preferred =>
        GoChoice.Of(demand.Go, [.. all.Select(one => one.Record.Version)], preferred).Then(choice =>
            all.First(one => one.Record.Version == choice.Version).Look().Then<ChosenToolchain>(found => new ChosenToolchain(found, choice.Reasons, demand.Sdk))))));
}
