using System.Globalization;
using System.Text;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Toolchains;

/// <summary>A file or link of a toolchain.</summary>
/// <param name="Path">From the toolchain's root, with forward slashes.</param>
/// <param name="Kind"><c>f</c>: a file; <c>x</c>: one that is run; <c>l</c>: a link.</param>
/// <param name="Size">In bytes; of a link 0.</param>
/// <param name="Content">The digest of a file; where a link points.</param>
public sealed record TreeEntry(string Path, char Kind, long Size, string Content);

/// <summary>All files of a toolchain, as a text with one identity: a line each, sorted by path.</summary>
public sealed class TreeList
{
    private TreeList(IReadOnlyList<TreeEntry> entries) => Entries = entries;

    public IReadOnlyList<TreeEntry> Entries { get; }

    /// <summary><c>sha256:…</c> of the text.</summary>
    public string Digest => PackageDigest.Of(Text());

    public static TreeList Of(IEnumerable<TreeEntry> entries) => new([.. entries.OrderBy(entry => entry.Path, StringComparer.Ordinal)]);

    public byte[] Text()
    {
        var text = new StringBuilder();
        foreach (var entry in Entries) text.Append(CultureInfo.InvariantCulture, $"{entry.Kind}\t{entry.Size}\t{entry.Content}\t{entry.Path}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <param name="digest">Which it is to have.</param>
    /// <returns>Or <c>toolchain.record-damaged</c>.</returns>
    public static Outcome<TreeList> Read(byte[] text, string digest)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (PackageDigest.Of(text) != digest) return new Problem(ProblemKind.Damaged, "toolchain.record-damaged", "the list of a toolchain's files is not what was written") { Mend = "remove the toolchain and install it again" };
        // What has this digest was written by Text: it needs no second look.
        return new TreeList([.. Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('\t', 4))
            .Select(parts => new TreeEntry(parts[3], parts[0][0], long.Parse(parts[1], CultureInfo.InvariantCulture), parts[2]))]);
    }

    /// <summary>What is otherwise now, a sentence each, by path: <c>bin/go was changed</c>.</summary>
    public IReadOnlyList<string> ChangesTo(TreeList now)
    {
        ArgumentNullException.ThrowIfNull(now);
        var before = Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        var after = now.Entries.ToDictionary(entry => entry.Path, StringComparer.Ordinal);
        return [.. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Select(path => Change(path, before.GetValueOrDefault(path), after.GetValueOrDefault(path)))
            .OfType<string>()];
    }

    private static string? Change(string path, TreeEntry? before, TreeEntry? after)
    {
        if (before == after) return null;
        if (before is null) return $"{path} was added";
        if (after is null) return $"{path} is missing";
        return before.Content == after.Content ? $"{path} has other rights" : $"{path} was changed";
    }
}
