using Holdfast.Core.Problems;

namespace Holdfast.Packaging.Zip;

/// <summary>Everything that can be wrong with the archive, before anybody asks what is in it.</summary>
internal static class ZipProblems
{
    private const string Rewrite = "take the file that 'holdfast pack' and 'holdfast sign' wrote; do not repack it with other tools";

    public static Problem NotAPackage() =>
        Make("package.truncated", "the file does not end as a package does", "it was cut off, something was appended, or it is no package", "copy it again from where it was built");

    public static Problem TooLarge(long length, long limit) =>
        Make("package.too-large", $"the package has {length} bytes; {limit} are allowed", null, "leave out what the service does not need, or split it");

    public static Problem TooManyEntries(int count, int limit) =>
        Make("package.too-many-entries", $"the package has {count} entries; {limit} are allowed", null, "leave out what the service does not need, or split it");

    public static Problem Comment() => Make("package.trailing-data", "something follows the end of the package", "a package ends where its directory says", Rewrite);

    public static Problem Directory(string why) => Make("package.directory", "the archive's directory is not where and what it says", why, Rewrite);

    public static Problem Prefix() => Make("package.prefix", "something stands before the package begins", "its first entry must begin with the first byte", Rewrite);

    public static Problem Overlap(string name) => Make("package.overlap", $"the entry {name} does not begin where the one before it ends", "entries that overlap or leave gaps can hide content", Rewrite);

    public static Problem Name(string name) =>
        Make("package.entry-name", $"the entry '{Shown(name)}' does not belong into a package", "a package holds oci-layout, index.json and blobs/sha256/… and nothing else", Rewrite);

    public static Problem Order(string name, string before) => string.Equals(name, before, StringComparison.Ordinal)
        ? Make("package.duplicate-entry", $"the entry {name} is there twice", "which one counts would be a guess", Rewrite)
        : Make("package.order", $"the entry {name} stands after {before}", "entries are sorted, so that the same content is the same bytes", Rewrite);

    public static Problem Compressed(string name) =>
        Make("package.compressed", $"the entry {name} is compressed or encrypted", "a package is stored as it is: nothing to unpack, nothing to explode", Rewrite);

    public static Problem SizeLies(string name) => Make("package.size-lies", $"the entry {name} gives two different sizes or checksums", null, Rewrite);

    public static Problem Field(string name) =>
        Make("package.field", $"the entry {name} has a field that a package does not have", "times, extra fields, comments and attributes have one value in a package", Rewrite);

    public static Problem Shrunk() => Make("package.truncated", "the package file is shorter than its directory says", "it was cut off, or it changed while it was read", "copy it again from where it was built");

    /// <summary>A name for a message: no control characters, and not endless.</summary>
    public static string Shown(string name)
    {
        var shown = string.Concat(name.Take(100).Select(c => char.IsControl(c) || char.IsSurrogate(c) || c is '\u200B' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') ? '�' : c));
        return name.Length > 100 ? shown + "…" : shown;
    }

    private static Problem Make(string rule, string what, string? why, string? mend) => new(ProblemKind.Refused, rule, what) { Why = why, Mend = mend };
}
