using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>One step of an explanation.</summary>
/// <param name="Where">The line that said it; null: no file did.</param>
/// <param name="Says">What was said: <c>toolchain go1.22.1</c>.</param>
/// <param name="Means">What follows: <c>decides</c>, <c>is held to: at least 1.21</c>.</param>
public sealed record ToolchainReason(Place? Where, string Says, string Means)
{
    public override string ToString() => Where is { } where ? $"{where.File}:{where.Line}: {Says}: {Means}" : $"{Says}: {Means}";
}

/// <summary>Which Go a project wants.</summary>
public sealed class GoDemand
{
    private readonly GoModFile? module;

    private GoDemand(GoStatement? named, GoStatement? least, GoModFile? module, IReadOnlyList<ToolchainReason> reasons)
    {
        Named = named;
        Least = least;
        this.module = module;
        Reasons = reasons;
    }

    /// <summary>This one, or a release of this line; null: none is named.</summary>
    public GoStatement? Named { get; }

    /// <summary>At least this; null: any.</summary>
    public GoStatement? Least { get; }

    /// <summary>Every line that said something, and what follows of it.</summary>
    public IReadOnlyList<ToolchainReason> Reasons { get; }

    /// <summary>
    /// What the files say together: <c>.go-version</c> and <c>.tool-versions</c> name a version, else <c>go.mod</c>'s <c>toolchain</c> line does, and its
    /// <c>go</c> line is the least.
    /// </summary>
    /// <returns>Or every problem of all the files, each with its line.</returns>
    public static Outcome<GoDemand> Of(IEnumerable<ProjectFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        List<Problem> problems = [];
        List<GoStatement> named = [];
        GoModFile? module = null;
        foreach (var file in files.OrderBy(file => ProjectFile.Names.ToList().IndexOf(file.Name)))
        {
            if (file.Name == ProjectFile.GoVersion && Take(VersionFiles.GoVersion(file), problems) is { } version) named.Add(version);
            else if (file.Name == ProjectFile.ToolVersions && Take(VersionFiles.ToolVersions(file), problems) is { } tool) named.Add(tool);
            else if (file.Name == ProjectFile.GoMod) module = Take(GoModFile.Read(file), problems);
        }

        problems.AddRange(Disagreements(named, module));
        return problems.Count > 0 ? problems : Weigh(named, module);
    }

    /// <summary>Why this Go is not what is wanted: empty, or all the reasons.</summary>
    public IReadOnlyList<Problem> Refuses(GoVersion go)
    {
        ArgumentNullException.ThrowIfNull(go);
        List<Problem> problems = [.. module?.RefusedBy(go) ?? []];
        if (Named is not null && !Named.Version.Admits(go)) problems.Add(Mismatch(Named, $"'{Named.Words}' wants Go {Named.Version}, and this is {go}"));
        if (Least is not null && go < Least.Version) problems.Add(Mismatch(Least, $"'{Least.Words}' wants Go {Least.Version} or later, and this is {go}"));
        return problems;
    }

    private static Problem Mismatch(GoStatement said, string what) => new(ProblemKind.Refused, "toolchain.mismatch", what) { Where = said.Place };

    private static T? Take<T>(Outcome<T> read, List<Problem> problems)
    {
        problems.AddRange(read.Problems);
        return read.IsOk ? read.Value : default;
    }

    private static IEnumerable<Problem> Disagreements(List<GoStatement> named, GoModFile? module)
    {
        if (named is [var first, var second] && !first.Version.Admits(second.Version) && !second.Version.Admits(first.Version)) yield return Conflicts.Between(first, second);
        foreach (var one in named)
        {
            var older = new[] { module?.Go, module?.Toolchain }.OfType<GoStatement>().Where(least => IsOlder(one.Version, least.Version)).ToList();
            foreach (var least in older) yield return Conflicts.TooOld(one, least);
            if (older.Count > 0 || module is null) continue;
            foreach (var problem in module.RefusedBy(one.Version)) yield return problem;
        }
    }

    /// <summary>A line is as new as the newest of its releases.</summary>
    private static bool IsOlder(GoVersion named, GoVersion least) => named < least && !(named.IsLine && named.IsSameLine(least));

    private static GoDemand Weigh(List<GoStatement> named, GoModFile? module)
    {
        // 1.22 in one file and 1.22.1 in the other are no contradiction: the one that says more decides.
        var chosen = named.OrderBy(one => one.Version.IsLine).FirstOrDefault();
        List<ToolchainReason> reasons = [.. named.Select(one => new ToolchainReason(one.Place, one.Words, one == chosen ? "decides" : "agrees"))];
        var (go, toolchain) = (module?.Go, module?.Toolchain);
        if (toolchain is not null)
        {
            var overtaken = go is not null && toolchain.Version < go.Version;
            var means = overtaken ? "is older than the go line, and says nothing beside it" : chosen is null ? "decides" : $"is held to: at least {toolchain.Version}";
            reasons.Add(new(toolchain.Place, toolchain.Words, means));
            if (!overtaken) (chosen, go) = chosen is null ? (toolchain, go) : (chosen, Later(go, toolchain));
        }

        if (module?.Go is { } least) reasons.Add(new(least.Place, least.Words, $"is held to: at least {least.Version}"));
        return new(chosen, go, module, reasons);
    }

    private static GoStatement Later(GoStatement? go, GoStatement toolchain) => go is not null && go.Version > toolchain.Version ? go : toolchain;
}
