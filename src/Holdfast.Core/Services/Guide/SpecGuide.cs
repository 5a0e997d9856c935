using System.Text;
using Holdfast.Core.Documents;
using Holdfast.Core.Problems;
using Holdfast.Core.Services.Fields;

namespace Holdfast.Core.Services.Guide;

/// <summary>Explains any key of the spec, and of an installed service's definition, from the same source as the reader and the schema.</summary>
public static class SpecGuide
{
    private const string Root = "service";
    private const string Install = InstallFields.Key;

    /// <summary>Every path that can be explained, <c>service</c> first, <c>install</c> last.</summary>
    public static IReadOnlyList<string> Paths { get; } = [Root, .. SpecCatalogue.Paths.Select(path => $"{Root}.{path}"), Install, .. SpecCatalogue.InstallEntries.Select(entry => entry.Path)];

    /// <summary>
    /// The explanation of <c>service</c> or of a key in it: <c>service.restart.attempts</c>, or without <c>service.</c> in front; or of <c>install</c> or
    /// a key in that.
    /// </summary>
    /// <returns>Lines of plain text; a path that is not known is <see cref="ProblemKind.NotFound"/>, with a suggestion.</returns>
    public static Outcome<string> Explain(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path == Install || path.StartsWith(Install + ".", StringComparison.Ordinal)) return ExplainInstall(path);
        var key = path == Root ? "" : path.StartsWith(Root + ".", StringComparison.Ordinal) ? path[(Root.Length + 1)..] : path;
        if ((key.Length == 0 && path != Root) || SpecCatalogue.Find(key, intoLists: true) is not { } entry)
            return Unknown(path, key);

        return Text(entry.Path.Length == 0 ? Root : $"{Root}.{entry.Path}", entry, "What a service is and how it runs: the file holdfast.yaml. The smallest one has apiVersion, kind, name and command.");
    }

    private static Outcome<string> ExplainInstall(string path)
    {
        var key = path == Install ? "" : path[(Install.Length + 1)..];
        if ((key.Length > 0 || path == Install) && SpecCatalogue.FindInstall(key) is { } entry)
            return Text(path, entry, "How a program that lies on the host is pinned and started: beside the keys of a spec in a definition (kind: InstalledService), as `holdfast service export` writes and `service import` reads it. Each key is the option of `service install` of that name.");
        var nearest = Nearest.To(path, SpecCatalogue.InstallEntries.Select(known => known.Path));
        return new Problem(ProblemKind.NotFound, "explain.unknown-key", $"`{path}` is not a key of a definition")
        {
            Mend = nearest is null ? $"`holdfast explain {Install}` shows them all" : $"did you mean `{nearest}`?",
        };
    }

    private static string Text(string path, CatalogueEntry entry, string whole)
    {
        var text = new StringBuilder();
        text.Append(path).Append("\n\n");
        GuideText.Wrap(text, entry.Field?.Doc ?? whole, "  ");
        text.Append('\n');
        if (entry.Field is { } field)
        {
            GuideText.Row(text, "type", entry.Shape.Words);
            GuideText.Row(text, "default", GuideText.Default(field));
            if (field.Example is { } example)
                GuideText.Row(text, "example", $"{field.Key}: {example}");
        }

        if (entry.Shape.Choices.Count > 0)
            GuideText.Table(text, "words", [.. entry.Shape.Choices]);
        if (entry.Shape.Fields.Count > 0)
            GuideText.Table(text, entry.Shape.IsList ? "keys of an item" : "keys", [.. entry.Shape.Fields.Select(one => (one.Key, FirstSentence(one)))]);
        return text.ToString();
    }

    private static string FirstSentence(Field field)
    {
        var end = field.Doc.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? field.Doc : field.Doc[..(end + 1)]) + (field.Required ? " (required)" : "");
    }

    private static Problem Unknown(string path, string key)
    {
        var nearest = Nearest.To(key, SpecCatalogue.Paths)
            ?? SpecCatalogue.Paths.FirstOrDefault(known => known.EndsWith("." + key, StringComparison.OrdinalIgnoreCase))
            ?? SpecCatalogue.Entries.FirstOrDefault(entry => entry.Field!.Synonyms.Contains(key, StringComparer.OrdinalIgnoreCase))?.Path;
        return new(ProblemKind.NotFound, "explain.unknown-key", $"`{path}` is not a key of the spec")
        {
            Mend = nearest is null ? "`holdfast explain service` shows the first level" : $"did you mean `{Root}.{nearest}`?",
        };
    }
}
