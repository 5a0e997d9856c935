using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Launching;

/// <summary>
/// Law 10: a secret reaches a service as a file that only its account reads, never in its environment or arguments. Copies
/// are made anew for every start, so that a renewed secret arrives with a restart, and go when the instance rests.
/// </summary>
internal sealed class SecretFiles(Home home)
{
    /// <summary>What a secret may be large, in bytes.</summary>
    public const int Largest = 1 << 20;

    private const UnixFileMode OwnerReads = UnixFileMode.UserRead;
    private const UnixFileMode Passage = FolderRights.OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Paths by name, and the secrets' bytes for who must keep them out of the output.</summary>
    public Outcome<PreparedSecrets> Prepare(InstancePlan plan, Account? account)
    {
        if (plan.Spec.Secrets.Count == 0) return PreparedSecrets.None;
        var folder = FolderOf(plan.Instance);
        var made = FolderRights.Ensure(home.Secrets, Passage).Then(_ => FolderRights.Ensure(folder, FolderRights.OwnerOnly, account));
        if (!made.IsOk) return Outcome.Failed<PreparedSecrets>(made.Problems);

        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        var values = new List<byte[]>();
        foreach (var (name, source) in plan.Spec.Secrets)
        {
            var read = Read(name, source);
            if (!read.TryGet(out var value)) return Outcome.Failed<PreparedSecrets>(read.Problems);
            var path = Path.Combine(folder, name);
            var written = DurableFile.Write(path, value, OwnerReads).Then(_ => FolderRights.Set(path, OwnerReads, account));
            if (!written.IsOk) return Outcome.Failed<PreparedSecrets>(written.Problems);
            paths[name] = path;
            values.Add(value);
        }

        return new PreparedSecrets(paths, values);
    }

    public void Remove(string instance)
    {
        try
        {
            Directory.Delete(FolderOf(instance), recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Most instances have no secrets.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // They stay readable to the service's account alone, and the next start writes them anew.
        }
    }

    private string FolderOf(string instance) => Path.Combine(home.Secrets, instance);

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
    public static PreparedSecrets None { get; } = new(new Dictionary<string, string>(), []);
}
