using Holdfast.Core.Packages;

namespace Holdfast.Core.Sources;

/// <summary>Which files of a service are read: a folder to begin at, folders below it, and names in the last of them.</summary>
/// <param name="Root">Absolute. It is believed to lead where it should; no part below it may be a link.</param>
/// <param name="Folders">Names or patterns, one for each folder below the root.</param>
/// <param name="Name">A name or a pattern.</param>
/// <param name="Encoding">Of the files.</param>
/// <param name="Shown">What the output shows before the folders: empty for the service's own folder.</param>
public sealed record SourcePattern(string Root, IReadOnlyList<string> Folders, string Name, string Encoding, string Shown)
{
    private static readonly string[] Packed = [".gz", ".zst", ".xz", ".bz2", ".lz4", ".zip", ".7z", ".Z"];

    /// <param name="path">Of the spec, its variables replaced: relative to the data folder, or absolute.</param>
    /// <param name="data">The instance's data folder; absolute.</param>
    /// <param name="encoding">Of the files.</param>
    public static SourcePattern Of(string path, string data, string encoding)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(data);
        var whole = path.Replace('\\', '/');
        var own = data.Replace('\\', '/') + "/";
        if (whole.StartsWith(own, StringComparison.Ordinal)) whole = whole[own.Length..];
        var isDrive = whole.Length > 2 && whole[1] == ':';
        var root = whole.StartsWith('/') ? "/" : isDrive ? whole[..3] : "";
        var names = whole[root.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        return new(root.Length == 0 ? data : root, [.. names.SkipLast(1)], names[^1], encoding, root);
    }

    /// <summary>How a name in the last folder stands to it.</summary>
    public FileKind Judge(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // What is packed has no lines, and was read before it was.
        if (Packed.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)) && Name.EndsWith('*')) return FileKind.Other;
        if (Matches(Name, name)) return FileKind.Wanted;
        if (Packed.Any(ending => name.EndsWith(ending, StringComparison.Ordinal))) return FileKind.Other;
        var dot = Name.LastIndexOf('.');
        var (stem, ending) = dot > 0 ? (Name[..dot], Name[dot..]) : (Name, "");
        for (var at = 1; at < name.Length - 1; at++)
        {
            if (name[at] is not ('.' or '-' or '_')) continue;
            // app.log.1, app.log-20260301; and app.2026-03-01.log, app-1.log.
            if (Matches(Name, name[..at]) || (ending.Length > 0 && name.EndsWith(ending, StringComparison.Ordinal) && Matches(stem, name[..at]))) return FileKind.Rotated;
        }

        return FileKind.Other;
    }

    /// <summary>Whether a folder's name is the one that stands there.</summary>
    public bool Passes(int level, string folder) => Matches(Folders[level], folder);

    /// <summary>Whether a name has wildcards; else it is that name.</summary>
    public static bool IsPattern(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.AsSpan().ContainsAny('*', '?');
    }

    private static bool Matches(string pattern, string name) => IsPattern(pattern) ? new FilePattern(pattern).Matches(name) : string.Equals(pattern, name, StringComparison.Ordinal);
}
