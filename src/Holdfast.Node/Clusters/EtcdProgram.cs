using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>The etcd of the host: pinned by the policy, and of a version that may be used.</summary>
internal static class EtcdProgram
{
    private const string VersionLine = "etcd Version:";

    /// <summary>Its digest, and what is to be said of its version. Problems: those of a pin, <c>etcd.version</c>.</summary>
    public static async Task<Outcome<(string Digest, IReadOnlyList<string> Warnings)>> CheckAsync(string executable, Home home, TimeProvider time, CancellationToken cancel)
    {
        // Not even asked for its version before it is known to be the one that is meant.
        var admitted = await PinnedTool.AdmitAsync(executable, home, time, cancel);
        if (!admitted.TryGet(out var digest)) return Outcome.Failed<(string, IReadOnlyList<string>)>(admitted.Problems);
        var asked = await PinnedTool.RunAsync(executable, ["--version"], cancel);
        if (!asked.TryGet(out var said)) return Outcome.Failed<(string, IReadOnlyList<string>)>(asked.Problems);
        var judged = EtcdVersions.Judge(VersionIn(said));
        return judged.Refused is { } why
            ? new Problem(ProblemKind.Refused, "etcd.version", $"{executable} is not used: {why}.") { Mend = $"install etcd {EtcdVersions.Advised}" }
            : (digest, judged.Warnings);
    }

    /// <summary>As the program says it, <c>etcd Version: 3.5.33</c>; empty: it does not say.</summary>
    internal static string VersionIn(string said) =>
        said.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.StartsWith(VersionLine, StringComparison.Ordinal))?[VersionLine.Length..].Trim() ?? "";
}
