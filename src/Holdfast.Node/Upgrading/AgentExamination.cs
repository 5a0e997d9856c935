using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Storage;
using Holdfast.Storage.Sqlite;

namespace Holdfast.Node.Upgrading;

/// <summary>Lets a new agent prove in a process of its own, over a copy of the store or the cluster's own, that it can go on with this node.</summary>
internal static class AgentExamination
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(60);

    /// <summary>At an agent's start: what one that was killed in the middle of it has left, a copy of the store.</summary>
    public static void Sweep(Home home) => Clear(home.UpgradeCheck);

    /// <summary>The new version; or why it may not take over.</summary>
    /// <param name="cluster">The cluster's store; null: the node keeps its own.</param>
    public static async Task<Outcome<AgentProof>> HoldAsync(Home home, IStore? cluster, ProductBuild build, CancellationToken cancel)
    {
        if (cluster is not null)
        {
            var read = await StoreReading.ReadAsync(cluster, 0, cancel);
            return read.TryGet(out var reading)
                ? await AskAsync(home, build, ["--revision", reading.Revision.ToString(CultureInfo.InvariantCulture)], reading.Digest, cancel)
                : Outcome.Failed<AgentProof>(read.Problems);
        }

        var folder = home.UpgradeCheck;
        Clear(folder);
        try
        {
            var copy = Path.Combine(folder, "store.db");
            var made = FolderRights.Ensure(folder, FolderRights.OwnerOnly)
                .Then(_ => SqliteBackup.Write(home.Store, copy, new SqliteOptions { SyncFolder = DurableFolder.Sync }));
            if (!made.IsOk) return Outcome.Failed<AgentProof>(made.Problems);
            var digest = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(copy, cancel)));
            return await AskAsync(home, build, [copy], digest, cancel);
        }
        finally
        {
            Clear(folder);
        }
    }

    /// <param name="what">What it is to read, as arguments.</param>
    /// <param name="digest">Of that, as this agent has read it.</param>
    private static async Task<Outcome<AgentProof>> AskAsync(Home home, ProductBuild build, IEnumerable<string> what, string digest, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Within);
        try
        {
            using var child = Process.Start(new ProcessStartInfo(build.Agent, ["agent", "prove", .. what, "--home", home.Path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            try
            {
                var (said, complained) = (child.StandardOutput.ReadToEndAsync(patience.Token), child.StandardError.ReadToEndAsync(patience.Token));
                await child.WaitForExitAsync(patience.Token);
                return Judge(build, digest, await said, await complained);
            }
            finally
            {
                if (!child.HasExited)
                    child.Kill();
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Refused(build, $"it said nothing within {Within.TotalSeconds:0} s");
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return Refused(build, failure.Message);
        }
    }

    private static Outcome<AgentProof> Judge(ProductBuild build, string digest, string said, string complained)
    {
        try
        {
            var proof = JsonSerializer.Deserialize(said, AgentProofJson.Default.AgentProof);
            if (proof?.Problem is { } problem)
                return Refused(build, problem);
            if (proof?.Digest == digest)
                return proof;
        }
        catch (JsonException)
        {
            // Judged below by what it complained of.
        }

        return Refused(build, complained.Trim() is { Length: > 0 } words ? words.Split('\n')[0] : "it did not say that it has read the store");
    }

    private static Problem Refused(ProductBuild build, string why) => new(ProblemKind.Refused, "upgrade.not-proven", $"{build.Agent} has not proven that it can take over.")
    {
        Why = why,
        Mend = "everything runs on under the present version",
    };

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
