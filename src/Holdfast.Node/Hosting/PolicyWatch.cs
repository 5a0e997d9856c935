using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Node.Operations;
using Holdfast.Packaging.Content;
using Holdfast.Platform;

namespace Holdfast.Node.Hosting;

/// <summary>
/// Notices policy files that were edited (trust, sinks, audit, fencing, …), and records each with its digest before and after. What was seen last is in <c>policy.seen</c> of the home, as
/// <c>sha256sum</c> writes it, so that an edit under a stopped agent is noticed as well; it is written after the entry: a crash in between costs a second entry.
/// </summary>
internal sealed class PolicyWatch(Home home, ChangeRecord record)
{
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <summary>More are no policy of ours.</summary>
    private const int MostFiles = 256, MostBytes = 4 * 1024 * 1024;

    private const string Unreadable = "unreadable", Algorithm = "sha256:";

    private readonly string memory = Path.Combine(home.Path, "policy.seen");
    private IReadOnlyDictionary<string, string>? seen;

    /// <summary>Looks once. Problems: the files could not be looked at, or an entry or the memory not be written; the next look does it.</summary>
    public Outcome<Done> Look()
    {
        try
        {
            return Compare();
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return FileTrouble.From(e, $"look at the policy files in {home.Policy}");
        }
    }

    private Outcome<Done> Compare()
    {
        seen ??= Remembered();
        var now = Present();
        var changes = PolicyChanges.Between(seen, now);
        if (changes.Count == 0) return Outcome.Done;
        foreach (var change in changes)
        {
            var written = record.Note(change.Record(Guid.NewGuid().ToString("n")));
            if (!written.IsOk) return written;
        }

        seen = now;
        return DurableFile.Write(memory, Encoding.UTF8.GetBytes(string.Concat(now.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Value.Replace(Algorithm, "", StringComparison.Ordinal)}  {one.Key}\n"))));
    }

    private Dictionary<string, string> Present()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 3, AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };
        if (!Directory.Exists(home.Policy)) return found;
        // What DurableFile has under way is not there yet.
        foreach (var file in Directory.EnumerateFiles(home.Policy, "*", options).Where(file => !file.EndsWith(DurableFolder.UnfinishedSuffix, StringComparison.Ordinal)).Take(MostFiles))
        {
            if (Digest(file) is { } digest) found[Path.GetRelativePath(home.Path, file).Replace('\\', '/')] = digest;
        }

        return found;
    }

    private static string? Digest(string file)
    {
        try
        {
            using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return content.Length > MostBytes ? Unreadable : Algorithm + Convert.ToHexStringLower(SHA256.HashData(content));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            return Unreadable;
        }
    }

    /// <summary>Where it cannot be read, all files are recorded as if seen for the first time.</summary>
    private Dictionary<string, string> Remembered()
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var line in File.ReadAllLines(memory))
            {
                if (line.IndexOf("  ", StringComparison.Ordinal) is > 0 and var at) read[line[(at + 2)..]] = line[..at] is Unreadable ? Unreadable : Algorithm + line[..at];
            }
        }
        catch (Exception e) when (FileTrouble.Is(e))
        {
            // Nothing is remembered: it is the first look, or as good as that.
            read.Clear();
        }

        return read;
    }
}
