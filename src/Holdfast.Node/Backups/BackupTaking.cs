using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Content;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;
using Holdfast.Telemetry.Auditing;

namespace Holdfast.Node.Backups;

/// <summary>Gathers what a backup holds: of the moment taken, and of the home's keys and policy.</summary>
internal sealed class BackupTaking(Home home, string node, string product, MomentTaking moments, TimeProvider time)
{
    /// <summary>The caller disposes the answer when it is written. Problems: those of store and audit log, <c>backup.*</c>, <c>files.*</c>.</summary>
    public async Task<Outcome<TakenBackup>> TakeAsync(string actor, string operation, CancellationToken cancel)
    {
        var verified = AuditVerifier.Verify(home.Audit, [], cancel);
        if (!verified.TryGet(out var verdict))
            return Outcome.Failed<TakenBackup>(verified.Problems);
        if (!verdict.Whole)
            return BackupProblems.AuditBroken(verdict.Findings[0].What);
        var taken = await moments.TakeAsync(operation, cancel);
        if (!taken.TryGet(out var moment))
            return Outcome.Failed<TakenBackup>(taken.Problems);
        Outcome<TakenBackup>? gathered = null;
        try
        {
            gathered = Gather(moment, actor, operation, cancel);
            return gathered;
        }
        catch (Exception exception) when (FileTrouble.Is(exception))
        {
            return FileTrouble.From(exception, $"read {home.Path}");
        }
        finally
        {
            if (gathered is not { IsOk: true })
                moment.Dispose();
        }
    }

    private Outcome<TakenBackup> Gather(BackupMoment moment, string actor, string operation, CancellationToken cancel)
    {
        var (headName, head) = moment.Audit.HeadFile;
        List<BackupContent> contents =
        [
            BackupContent.OfFile(BackupPaths.Store, moment.Copy, cancel),
            BackupContent.Of("audit/" + headName, head),
            BackupContent.OfPrefix("audit/" + moment.Audit.Tree.Name, moment.Audit.Tree.Handle, moment.Audit.Tree.Length, cancel),
            .. moment.Audit.Files.Where(file => file.Length > 0).Select(file => BackupContent.OfPrefix("audit/" + file.Name, file.Handle, file.Length, cancel)),
            .. HomeFiles.Under(home.Keys).Select(file => BackupContent.OfFile("keys/" + file.Path, file.Full, cancel)),
            .. HomeFiles.Under(home.Policy).Select(file => BackupContent.OfFile("policy/" + file.Path, file.Full, cancel)),
            .. moment.Packages.SelectMany(package => PackageContents.Of(package, cancel)),
        ];
        List<Problem> problems =
        [
            .. contents.Select(content => (content.File.Path, Why: BackupPaths.WhyBad(content.File.Path))).Where(one => one.Why is not null).Select(one => BackupProblems.Name(one.Path, one.Why!)),
            .. contents.Where(content => content.File.Size > BackupArchive.MaxEntryBytes).Select(content => BackupProblems.TooLarge(content.File.Path, content.File.Size)),
        ];
        if (problems.Count > 0)
            return problems;
        var manifest = new BackupManifest
        {
            Format = BackupManifests.Format,
            Product = product,
            Node = node,
            CreatedAt = time.GetUtcNow().ToUniversalTime(),
            CreatedBy = actor,
            Operation = operation,
            Store = moment.Store,
            Audit = new(moment.Audit.Head.Sequence, moment.Audit.Head.Hash),
            Missing = moment.Missing,
            Files = [.. contents.Select(content => content.File).OrderBy(file => file.Path, StringComparer.Ordinal)],
        };
        return new TakenBackup(manifest, contents, [.. moment.Missing.Select(BackupWords.Missing), .. Refused(moment)], moment);
    }

    /// <summary>A policy that was changed since may refuse what runs: better said now than when it is needed.</summary>
    private IEnumerable<string> Refused(BackupMoment moment)
    {
        var policy = TrustPolicy.Load(home.TrustPolicy);
        var key = NodeKey.Open(home);
        if (!key.TryGet(out var secret))
            return key.Problems.Select(problem => problem.ToString());
        return from package in moment.Packages
               let judged = PackageJudging.Judge(package.Digest, PackageContents.Description(package), secret, policy, time.GetUtcNow())
               where !judged.IsOk
               select BackupWords.WouldBeRefused(package.Service, package.Digest, judged.Problems[0]);
    }
}
