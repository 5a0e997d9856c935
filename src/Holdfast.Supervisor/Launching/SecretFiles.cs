using System.Security.Cryptography;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Launching;

/// <summary>
/// Law 10: a secret reaches a service as a file that only its account reads, never in its environment or arguments. Copies
/// are made anew for every start, so that a renewed secret arrives with a restart, and go when the instance rests.
/// </summary>
internal sealed class SecretFiles(SupervisorPlace place)
{
    /// <summary>What a secret may be large, in bytes.</summary>
    public const int Largest = 1 << 20;

    private const UnixFileMode OwnerReads = UnixFileMode.UserRead;
    private const UnixFileMode Passage = FolderRights.OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Paths by name, and the secrets' bytes for who must keep them out of the output.</summary>
    /// <param name="plan">Says which secrets of the host.</param>
    /// <param name="packaged">The package's own secret files: in the store they are the agent's, whoever the service runs as.</param>
    /// <param name="account">Who reads them; null: the supervisor's account.</param>
    public Outcome<PreparedSecrets> Prepare(InstancePlan plan, IReadOnlyList<AdmittedFile> packaged, Account? account)
    {
        Remove(plan.Instance);
        if (plan.Spec.Secrets.Count == 0 && packaged.Count == 0) return PreparedSecrets.None;
        var folder = FolderOf(plan.Instance);
        var made = FolderRights.Ensure(place.Secrets, Passage).Then(_ => FolderRights.Ensure(folder, Passage));
        if (!made.IsOk) return Outcome.Failed<PreparedSecrets>(made.Problems);

        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var values = new List<byte[]>();
        foreach (var (name, source) in plan.Spec.Secrets)
        {
            var read = Read(name, source);
            if (!read.TryGet(out var value)) return Outcome.Failed<PreparedSecrets>(read.Problems);
            var path = Path.Combine(folder, name);
            var written = Write(path, value, account);
            if (!written.IsOk) return Outcome.Failed<PreparedSecrets>(written.Problems);
            paths[name] = path;
            values.Add(value);
        }

        foreach (var file in packaged)
        {
            var source = Path.Combine(plan.CodeFolder, file.Path.Replace('/', Path.DirectorySeparatorChar));
            var copied = Read(file.Path, source).Then(value => Copy(plan.Instance, file, value, account));
            if (!copied.TryGet(out var secret)) return Outcome.Failed<PreparedSecrets>(copied.Problems);
            values.Add(secret);
        }

        return new PreparedSecrets(paths, values) { Packaged = packaged.Count > 0 ? place.PackageSecrets(plan.Instance) : null };
    }

    public void Remove(string instance)
    {
        var folder = FolderOf(instance);
        // Most instances have no secrets, and every start comes here: an exception costs more than the rest of it.
        if (!Directory.Exists(folder)) return;
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // They stay readable to the service's account alone, and the next start writes them anew.
        }
    }

    /// <summary>For a start of the supervisor, when nothing runs: what an earlier one had no time to take away.</summary>
    public void Sweep()
    {
        foreach (var folder in Directory.EnumerateDirectories(place.Secrets)) Remove(Path.GetFileName(folder));
    }

    private string FolderOf(string instance) => Path.Combine(place.Secrets, instance);

    // The folders stay ours, so that no account can put another file, or a link, where we write and change owners.
    private Outcome<byte[]> Copy(string instance, AdmittedFile file, byte[] content, Account? account)
    {
        if (!string.Equals(Convert.ToHexStringLower(SHA256.HashData(content)), file.Sha256, StringComparison.Ordinal))
            return new Problem(ProblemKind.Refused, "admission.changed", $"{file.Path} is not what was admitted") { Mend = "deploy the package again" };
        var folder = place.PackageSecrets(instance);
        var made = FolderRights.Ensure(folder, Passage);
        var names = file.Path.Split('/');
        foreach (var name in names.SkipLast(1))
        {
            folder = Path.Combine(folder, name);
            made = made.Then(_ => FolderRights.Ensure(folder, Passage));
        }

        return made.Then(_ => Write(Path.Combine(folder, names[^1]), content, account)).Then<byte[]>(_ => content);
    }

    private static Outcome<Done> Write(string path, byte[] content, Account? account) =>
        DurableFile.Write(path, content, OwnerReads).Then(_ => FolderRights.Set(path, OwnerReads, account));

    private static Outcome<byte[]> Read(string name, string source)
    {
        try
        {
            if (new FileInfo(source) is { Exists: true, Length: > Largest })
                return new Problem(ProblemKind.BadInput, "secret.too-large", $"secret {name}: {source} is larger than {Largest >> 10} KiB");
            return File.ReadAllBytes(source);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.Failed, "secret.unreadable", $"secret {name}: {source} cannot be read") { Why = failure.Message };
        }
    }
}

internal sealed record PreparedSecrets(IReadOnlyDictionary<string, string> Paths, IReadOnlyList<byte[]> Values)
{
    /// <summary>Where the package's secret files are; null when it has none.</summary>
    public string? Packaged { get; init; }

    public static PreparedSecrets None { get; } = new(new Dictionary<string, string>(), []);
}
