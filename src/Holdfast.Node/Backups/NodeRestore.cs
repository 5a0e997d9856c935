using Holdfast.Core.Problems;
using Holdfast.Packaging.Content;
using Holdfast.Platform;

namespace Holdfast.Node.Backups;

/// <summary>Checks a backup, or makes a home of it. Whatever ends a restore, a home is there whole or not at all, and running it again works.</summary>
public static class NodeRestore
{
    /// <summary>All that a restore checks, without restoring. Problems: <c>backup.*</c>, <c>restore.*</c>, those of store and packages, <c>files.*</c>.</summary>
    /// <param name="file">The backup, absolute.</param>
    /// <param name="expected">The digest that was noted; null: any.</param>
    /// <param name="time">For what the policy withdraws.</param>
    /// <param name="cancel">Ends it.</param>
    public static Task<Outcome<BackupReceipt>> VerifyAsync(string file, string? expected, TimeProvider time, CancellationToken cancel) => Guarded(file, () => Reading(file, expected, opened =>
    {
        // Owner only, as the runtime makes it; private keys are not laid out.
        var scratch = Directory.CreateTempSubdirectory("holdfast-verify-").FullName;
        try
        {
            var found = new BackupCheck(opened, time).Run(scratch, keysToo: false, cancel);
            return Task.FromResult(found.Then(whole => whole.Refused.Count == 0 ? Receipt(opened) : Outcome.Failed<BackupReceipt>([.. whole.Refused.Values])));
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }));

    /// <summary>Problems: those of <see cref="VerifyAsync"/>, and <c>restore.in-use</c>, <c>restore.home-exists</c>, <c>lock.held</c>.</summary>
    /// <param name="order">What, and where.</param>
    /// <param name="tell">Told of each step: its name, and a sentence.</param>
    /// <param name="time">For the record.</param>
    /// <param name="cancel">Ends it.</param>
    public static Task<Outcome<RestoreReceipt>> RunAsync(RestoreOrder order, Action<string, string> tell, TimeProvider time, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Guarded(order.File, () => Reading(order.File, order.Expected, async opened =>
        {
            var claimed = TargetHome.Claim(order.Home, order.MoveAside, time);
            if (!claimed.TryGet(out var target))
                return Outcome.Failed<RestoreReceipt>(claimed.Problems);
            using (target)
            {
                var begun = RestoreStaging.Open(order.Home, time);
                if (!begun.TryGet(out var staging))
                    return Outcome.Failed<RestoreReceipt>(begun.Problems);
                using (staging)
                    return await RestoreAsync(order, opened, target, staging, tell, time, cancel);
            }
        }));
    }

    private static async Task<Outcome<RestoreReceipt>> RestoreAsync(
        RestoreOrder order, OpenBackup opened, TargetHome target, RestoreStaging staging, Action<string, string> tell, TimeProvider time, CancellationToken cancel)
    {
        tell("verifying", $"the backup of {opened.Manifest.Node}, made {opened.Manifest.CreatedAt:u} by {opened.Manifest.CreatedBy}");
        var found = new BackupCheck(opened, time).Run(staging.Folder, keysToo: true, cancel);
        if (!found.TryGet(out var whole))
            return Outcome.Failed<RestoreReceipt>(found.Problems);
        if (whole.Refused.Count > 0 && !order.WithoutRefused)
            return Outcome.Failed<RestoreReceipt>([.. whole.Refused.Values.Select(problem => problem with { Mend = "restore with --without-refused, which leaves such packages out, and deploy them again" })]);
        var receipt = Receipt(opened);
        tell("restoring", $"{receipt.Packages} {(receipt.Packages == 1 ? "package" : "packages")}, store at revision {receipt.Manifest.Store.Revision}");
        var completed = await new StagedHome(staging, whole, order, time).CompleteAsync(receipt, target.LastIncarnation, cancel);
        if (!completed.TryGet(out var restored))
            return completed;
        cancel.ThrowIfCancellationRequested();
        var aside = target.Replace(staging.Home, time.GetUtcNow());
        return restored with { MovedAside = aside.Length > 0 ? aside : null };
    }

    private static async Task<Outcome<T>> Reading<T>(string file, string? expected, Func<OpenBackup, Task<Outcome<T>>> work)
    {
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        var opened = OpenBackup.Read(handle).Then(backup => backup.Expect(expected));
        return opened.TryGet(out var whole) ? await work(whole) : Outcome.Failed<T>(opened.Problems);
    }

    /// <summary>Files are read, written and digested: away from the caller's thread.</summary>
    private static async Task<Outcome<T>> Guarded<T>(string file, Func<Task<Outcome<T>>> work)
    {
        try
        {
            return await Task.Run(work);
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, exception is FileNotFoundException or DirectoryNotFoundException ? $"read {file}" : $"restore {file}");
        }
    }

    private static BackupReceipt Receipt(OpenBackup opened) => new()
    {
        Digest = opened.Digest,
        Manifest = opened.Manifest,
        Bytes = opened.Bytes,
        Warnings = [.. opened.Manifest.Missing.Select(BackupWords.Missing)],
    };
}
