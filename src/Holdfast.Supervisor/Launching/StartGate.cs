using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Launching;

/// <summary>
/// Law 1 at every start: what is about to run is what was admitted. Opened records are kept while their own file stays the
/// same, so that a restart costs a look at each file and no reading.
/// </summary>
/// <param name="withoutKey">
/// The supervisor runs under its service's account, and must not have the node key: a record is believed because nobody but the administrator can
/// have put it where it lies.
/// </param>
internal sealed class StartGate(Home home, bool withoutKey = false)
{
    private const string HostExecutables = "host-executables";

    private readonly Dictionary<string, (FileFacts Facts, AdmissionRecord Record)> opened = new(StringComparer.Ordinal);
    private byte[]? nodeKey;

    /// <summary>Whether this executable may be started for the plan.</summary>
    public Outcome<Done> Check(InstancePlan plan, string executable)
    {
        byte[]? key = null;
        if (!withoutKey)
        {
            var keyed = Key();
            if (!keyed.TryGet(out key)) return Outcome.Failed<Done>(keyed.Problems);
        }

        var admitted = Admitted(plan, key);
        if (!admitted.TryGet(out var record)) return Outcome.Failed<Done>(admitted.Problems);

        var relative = Path.GetRelativePath(plan.CodeFolder, executable).Replace('\\', '/');
        if (relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative)) return CheckHost(executable, key);
        return record.Contains(relative) ? Outcome.Done : new Problem(ProblemKind.Refused, "admission.not-in-package", $"{relative} is not a file of the package");
    }

    /// <summary>The package's secret files, of a plan that was checked.</summary>
    public IReadOnlyList<AdmittedFile> SecretsOf(InstancePlan plan) =>
        opened.TryGetValue(plan.AdmissionRecord, out var known) ? [.. known.Record.Files.Where(file => file.Access == AccessClass.Secret)] : [];

    private Outcome<AdmissionRecord> Admitted(InstancePlan plan, byte[]? key)
    {
        var look = FileFactsReader.Under(plan.CodeFolder);
        var facts = FileFactsReader.Read(plan.AdmissionRecord);
        if (facts is not null && opened.TryGetValue(plan.AdmissionRecord, out var known) && known.Facts == facts && known.Record.Digest == plan.PackageDigest)
        {
            var changed = Admission.Check(known.Record, look);
            return changed.Count == 0 ? known.Record : Outcome.Failed<AdmissionRecord>(changed);
        }

        var document = Read(plan.AdmissionRecord, "the package's admission record");
        if (!document.TryGet(out var bytes)) return Outcome.Failed<AdmissionRecord>(document.Problems);
        var check = key is not null ? Admission.Check(bytes, key, plan.PackageDigest, look)
            : Protected(plan.AdmissionRecord).Then(_ => AdmissionRecords.Believe(bytes)).Then(believed => Admission.Check(believed, plan.PackageDigest, look));
        if (facts is not null && check.TryGet(out var record)) opened[plan.AdmissionRecord] = (facts, record);
        return check;
    }

    private Outcome<Done> CheckHost(string executable, byte[]? key)
    {
        var file = Path.Combine(home.Packages, HostExecutables, HostExecutableRecord.FileNameFor(executable));
        var document = Read(file, $"the record that pins {executable}");
        if (!document.TryGet(out var bytes)) return Outcome.Failed<Done>(document.Problems);
        if (key is null)
            return Protected(file).Then(_ => HostExecutableRecord.Check(bytes, executable, FileFactsReader.Resolve, FileFactsReader.Read)).Then(_ => Outcome.Done);
        return HostExecutableRecord.Check(bytes, key, executable, FileFactsReader.Resolve, FileFactsReader.Read).Then(_ => Outcome.Done);
    }

    private static Outcome<Done> Protected(string record)
    {
        var open = FileFactsReader.Read(record) is { WritableByOthers: false } ? FileFactsReader.OpenFolderAbove(record) : record;
        return open is null ? Outcome.Done : new Problem(ProblemKind.Refused, "admission.open-record", $"{open} can be written by others than the administrators")
        {
            Why = "what is pinned is believed because nobody else can have changed it",
            Mend = "holdfast service trust writes it anew, with the rights that it must have; see what was changed first",
        };
    }

    private Outcome<byte[]> Key()
    {
        if (nodeKey is not null) return nodeKey;
        var read = Read(Path.Combine(home.Keys, SealedDocument.KeyFile), "the node key");
        if (!read.TryGet(out var key)) return read;
        if (key.Length != SealedDocument.KeyLength)
            return new Problem(ProblemKind.Damaged, "admission.key", $"the node key has {key.Length} bytes, not {SealedDocument.KeyLength}");
        return nodeKey = key;
    }

    private static Outcome<byte[]> Read(string path, string what)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Refused, "admission.no-record", $"{what} cannot be read") { Why = failure.Message, Mend = "deploy the package again" };
        }
    }
}
