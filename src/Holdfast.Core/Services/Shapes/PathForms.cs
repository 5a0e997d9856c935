using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services.Shapes;

/// <summary>What a path may look like, on any operating system: the package of one is read on the other.</summary>
internal static class PathForms
{
    /// <summary>A path inside the package.</summary>
    public static Fault? Package(string path)
    {
        var mend = "write it relative to the package's folder, with forward slashes: bin/orders";
        if (path.Contains('\\', StringComparison.Ordinal))
            return new(SpecRules.Path, "has a backslash", "a package is the same on every system", path.Contains("..", StringComparison.Ordinal) ? mend : $"write `{path.Replace('\\', '/')}`");
        if (IsAbsolute(path) || path.Contains(':', StringComparison.Ordinal))
            return new(SpecRules.Path, "is not relative", "it must stay inside the package", mend);
        if (path.Any(char.IsControl))
            return new(SpecRules.Path, "holds a control character", null, mend);
        if (path.Split('/').Any(part => part is "" or "." or ".."))
            return new(SpecRules.Path, "has an empty, `.` or `..` part", "it must stay inside the package and have one spelling", mend);
        return null;
    }

    /// <summary>An absolute path of the host.</summary>
    public static Fault? Host(string path) => IsAbsolute(path)
        ? null
        : new(SpecRules.HostPath, "is not absolute", "it is a path of the host, not of the package", "write it from the root: /etc/… or C:\\…");

    /// <summary>A folder of the package, the package itself, or a folder of the host.</summary>
    public static Fault? Folder(string path) => path == "." || IsAbsolute(path) ? null : Package(path);

    /// <summary>A file that a service writes, or a pattern of such: in its data folder, or anywhere on the host.</summary>
    public static Fault? OutputFile(string path)
    {
        const string mend = "write it as logs/*.log, or from the root of the host";
        foreach (var name in Expansion.Names(path).Where(name => name is not ("service" or "instance" or "folders.data")))
            return new(SpecRules.Variable, $"${{{(name.Length <= 60 ? name : name[..60] + "…")}}} names nothing", "known here: service, instance, folders.data", "for the characters themselves write $${");
        var rest = path.StartsWith("${folders.data}/", StringComparison.Ordinal) ? path["${folders.data}/".Length..] : path;
        if (rest.Contains("${folders.data}", StringComparison.Ordinal))
            return new(SpecRules.OutputPath, "has ${folders.data} in its middle", "it is a whole path", mend);
        var isHost = IsAbsolute(rest);
        if (!isHost && rest.Contains(':', StringComparison.Ordinal))
            return new(SpecRules.OutputPath, "has a colon and is not absolute", null, mend);
        if (rest.Any(char.IsControl))
            return new(SpecRules.OutputPath, "holds a control character", null, mend);
        var names = (isHost ? rest.Replace('\\', '/')[(rest.IndexOfAny(['/', '\\']) + 1)..] : rest).Split('/');
        if (!isHost && rest.Contains('\\', StringComparison.Ordinal))
            return new(SpecRules.OutputPath, "has a backslash", "a package is the same on every system", $"write `{rest.Replace('\\', '/')}`");
        if (names.Any(name => name is "" or "." or ".."))
            return new(SpecRules.OutputPath, "has an empty, `.` or `..` part", "it names files, and stays where it begins", mend);
        return names.Any(name => name.Contains("**", StringComparison.Ordinal)) ? new(SpecRules.OutputPath, "has `**`", "folders are named one by one", "write a `*` for each folder in between") : null;
    }

    /// <summary>The first word of a command.</summary>
    public static Fault? Executable(string path)
    {
        if (path.Contains("${", StringComparison.Ordinal))
            return new(SpecRules.Executable, "has a ${…} in what is executed", "what runs is what was signed", "name the file itself; arguments may have ${…}");
        if (IsAbsolute(path))
            return null;
        if (path.Contains(' ', StringComparison.Ordinal) && !path.Contains('/', StringComparison.Ordinal))
            return new(SpecRules.Executable, "has spaces in what is executed", "no shell takes a command line apart", $"write a list: [{string.Join(", ", path.Split(' ', StringSplitOptions.RemoveEmptyEntries))}]");
        return Package(path) is { } fault ? fault with { Rule = SpecRules.Executable } : null;
    }

    public static bool IsAbsolute(string path) =>
        path.StartsWith('/') || (path.Length > 2 && char.IsAsciiLetter(path[0]) && path[1] == ':' && (path[2] is '\\' or '/'));
}
