using System.ComponentModel;
using System.Diagnostics;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>Law 1 for programs of the host that Holdfast itself runs: etcd and its tools. The trust policy pins them as it does what services run.</summary>
internal static class PinnedTool
{
    /// <summary>Checks it against the policy and leaves the record that starts are checked against; answers its digest.</summary>
    public static async Task<Outcome<string>> AdmitAsync(string executable, Home home, TimeProvider time, CancellationToken cancel)
    {
        var policy = TrustPolicy.Load(home.TrustPolicy);
        if (!policy.TryGet(out var trusted)) return Outcome.Failed<string>(policy.Problems);
        var packages = PackageStore.Open(home, time, FileFactsReader.ReadEntry);
        if (!packages.TryGet(out var store)) return Outcome.Failed<string>(packages.Problems);
        var admitted = await store.AdmitHostExecutableAsync(executable, trusted, cancel);
        if (admitted.TryGet(out var record)) return record.Sha256;
        return admitted.Problems.Select(p => p.Rule is "trust.host-executable" or "trust.host-executable-digest" ? p with { Mend = Line(executable, home, p.Mend, cancel) } : p).ToList();
    }

    /// <summary>Runs one that was admitted, and answers what it wrote to its standard output. Problems: <c>etcd.tool</c>.</summary>
    public static async Task<Outcome<string>> RunAsync(string executable, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["ETCDCTL_API"] = "3";
        try
        {
            using var process = Process.Start(start)!;
            try
            {
                var (said, complained) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
                await Task.WhenAll(said, complained);
                await process.WaitForExitAsync(cancel);
                return process.ExitCode == 0 ? await said : Failed(executable, arguments, $"{await complained}{await said}".Trim());
            }
            finally
            {
                if (!process.HasExited) process.Kill();
            }
        }
        catch (Win32Exception e)
        {
            return Failed(executable, arguments, e.Message);
        }
    }

    /// <summary>What an administrator adds to the policy, if that is the program he means.</summary>
    private static string Line(string executable, Home home, string? mend, CancellationToken cancel)
    {
        try
        {
            var target = File.ResolveLinkTarget(executable, returnFinalTarget: true)?.FullName ?? executable;
            return $"if it is the one that you have installed, add it to {home.TrustPolicy} under hostExecutables: - {{path: {executable}, sha256: {FileDigest.Of(target, cancel)}}}";
        }
        catch (Exception e) when (Holdfast.Packaging.Content.FileTrouble.Is(e))
        {
            return mend ?? "";
        }
    }

    private static Problem Failed(string executable, IReadOnlyList<string> arguments, string why) =>
        new(ProblemKind.Failed, "etcd.tool", $"{executable} {string.Join(' ', arguments.Take(2))} has failed.") { Why = why.Length > 0 ? why : "it said nothing" };
}
