using System.CommandLine;
using Holdfast.Cli.Output;
using Holdfast.Cli.Toolchains;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;
using Holdfast.Delivery.Toolchains;
using Holdfast.Platform.Toolchains;

namespace Holdfast.Cli.Commands;

/// <summary>From a mirror, or what the machine has already.</summary>
internal sealed class ToolchainInstallCommand : CliCommand
{
    private static readonly string Platform = $"{GoPlaces.OperatingSystemName}/{GoPlaces.ArchitectureName}";

    private readonly Argument<string> name = new("toolchain") { Description = "go@1.22.1; go@1.22 is the newest of that line; go is what the project here names", DefaultValueFactory = _ => "go" };
    private readonly Option<string?> from = new("--from") { Description = "A folder or address that is laid out as Go's downloads are, such as https://go.dev/dl", HelpName = "URL|FOLDER" };
    private readonly Option<string?> sha256 = new("--sha256") { Description = "The digest that the archive must have, whatever the list says", HelpName = "DIGEST" };
    private readonly Option<string?> adopt = new("--adopt") { Description = "Take a Go of this machine where it is (default: all that are found)", HelpName = "FOLDER", Arity = ArgumentArity.ZeroOrOne };

    public ToolchainInstallCommand(CliContext cli)
        : base(cli, "install", "Install a toolchain from a mirror, or adopt one that this machine has")
    {
        Arguments.Add(name);
        Options.Add(from);
        Options.Add(sha256);
        Options.Add(adopt);
    }

    protected override Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var toolchains = new UserToolchains(Cli);
        var named = UserToolchains.Named(parse.GetValue(name)!);
        if (!named.TryGet(out var version)) return Task.FromResult(Terminal.Fail(named.Problems));
        var pin = parse.GetValue(sha256)?.ToLowerInvariant();
        if (pin is not null && !pin.StartsWith(PackageDigest.Prefix, StringComparison.Ordinal)) pin = PackageDigest.Prefix + pin;
        if (pin is not null && !PackageDigest.IsValid(pin)) return Task.FromResult(Terminal.Fail(new Problem(ProblemKind.BadInput, "toolchain.digest-form", $"'{parse.GetValue(sha256)}' is no SHA-256") { Mend = "write 64 hexadecimal digits" }));
        if (parse.GetResult(adopt) is not null) return AdoptAsync(toolchains.Store, version, parse.GetValue(adopt), cancel);
        return parse.GetValue(from) is { Length: > 0 } mirror
            ? InstallAsync(toolchains, version, mirror, pin, cancel)
            : Task.FromResult(Terminal.Fail(new Problem(ProblemKind.BadInput, "toolchain.no-mirror", "it is not said where the toolchain comes from") { Mend = "--from https://go.dev/dl, a mirror or a folder; or --adopt" }));
    }

    private async Task<int> InstallAsync(UserToolchains toolchains, GoVersion? version, string given, string? pin, CancellationToken cancel)
    {
        var wanted = version is not null ? version : Wanted(toolchains);
        var listed = wanted.Then(one => toolchains.Store.List().Then(all => Outcome.Of((Version: one, All: all))));
        if (!listed.TryGet(out var found)) return Terminal.Fail(listed.Problems);
        if (found.All.FirstOrDefault(one => one.Record.Version == found.Version && !one.Record.IsAdopted && (pin is null || one.Record.Archive == pin)) is { } here) return Told(here, "was here already; nothing was fetched");
        var opened = Mirror.Open(given, Cli.Folder, pin is not null);
        if (!opened.TryGet(out var mirror)) return Terminal.Fail(opened.Problems);
        using (mirror)
        {
            var list = await mirror.ListAsync(cancel);
            var chosen = list.Then(one => one.Choose(found.Version, GoPlaces.OperatingSystemName, GoPlaces.ArchitectureName)).Then(archive => Pinned(archive, mirror, pin));
            if (!chosen.TryGet(out var archive)) return Terminal.Fail(chosen.Problems);
            var fetched = false;
            var installed = await toolchains.Store.InstallAsync(mirror, archive, Platform, at => Begin(archive, mirror, at, out fetched), cancel);
            return installed.TryGet(out var toolchain) ? Told(toolchain, fetched ? $"installed from {mirror.Name}" : "was here already; nothing was fetched") : Terminal.Fail(installed.Problems);
        }
    }

    /// <summary>The list is the mirror's word; a digest that was given is the caller's.</summary>
    private static Outcome<GoArchive> Pinned(GoArchive archive, Mirror mirror, string? pin) => pin is null || pin == archive.Digest ? archive : new Problem(ProblemKind.Refused, "toolchain.digest-mismatch", $"{mirror.Name} lists {archive.FileName} with {archive.Digest}, and it is to have {pin}")
    {
        Why = "nothing was fetched",
        Mend = "take another mirror, or the digest that Go publishes",
    };

    private void Begin(GoArchive archive, Mirror mirror, long at, out bool fetched)
    {
        fetched = true;
        Terminal.Say($"fetching {archive.FileName}, {Human.Size(archive.Size)}, from {mirror.Name}{(at > 0 ? $"; going on behind {Human.Size(at)}" : "")}");
    }

    private Outcome<GoVersion> Wanted(UserToolchains toolchains) => toolchains.Demand(Cli.Folder).Then<GoVersion>(demand => (demand.Go.Named ?? demand.Go.Least) is { } said
        ? said.Version
        : new Problem(ProblemKind.BadInput, "toolchain.no-version", "nothing here says which Go") { Mend = "write go@1.22.1, or name a version in .go-version or go.mod" });

    private async Task<int> AdoptAsync(ToolchainStore store, GoVersion? version, string? folder, CancellationToken cancel)
    {
        IReadOnlyList<string> places = folder is null ? [.. GoPlaces.Find().Where(place => !store.Has(place))] : [Cli.PathOf(folder)];
        if (places.Count == 0) return Terminal.Fail(new Problem(ProblemKind.NotFound, "toolchain.no-go", "no Go was found on this machine") { Mend = "name its folder: --adopt FOLDER" });
        List<Problem> problems = [];
        var adopted = 0;
        foreach (var place in places)
        {
            var taken = version is null ? Outcome.Of(true) : ToolchainStore.VersionAt(place).Then(found => Outcome.Of(version.Admits(found)));
            if (taken.IsOk && !taken.Value) continue;
            var one = taken.IsOk ? await store.AdoptAsync(place, Platform, cancel) : Outcome.Failed<InstalledToolchain>(taken.Problems);
            problems.AddRange(one.Problems);
            if (!one.TryGet(out var toolchain)) continue;
            adopted++;
            Told(toolchain, "adopted where it is");
        }

        if (problems.Count > 0) return Terminal.Fail(problems);
        return adopted > 0 ? ExitCode.Ok : Terminal.Fail(new Problem(ProblemKind.NotFound, "toolchain.no-go", $"none of them is Go {version}: {string.Join(", ", places)}"));
    }

    private int Told(InstalledToolchain toolchain, string how)
    {
        Terminal.Line($"{ToolchainText.Name(toolchain)}  {toolchain.Record.Digest}  {toolchain.Root}");
        Terminal.Say(how);
        return ExitCode.Ok;
    }
}
