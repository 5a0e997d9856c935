using System.Text;
using Holdfast.Core.Services.Fields;
using Holdfast.Core.Services.Rules;

namespace Holdfast.Core.Services.Guide;

/// <summary>The reference part of docs/spec.md: every key and every rule, from the catalogue.</summary>
public static class SpecReference
{
    /// <summary>Markdown with three tables.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append("### Keys\n\n");
        Keys(text, SpecCatalogue.Entries);
        text.Append("\n### Keys of an installed service's definition\n\nBeside those of a spec, in a document of `kind: InstalledService`.\n\n");
        Keys(text, SpecCatalogue.InstallEntries);
        text.Append("\n### Rules\n\n| rule | says |\n|---|---|\n");
        foreach (var rule in SpecRules.All)
            text.Append($"| `{rule.Name}` | {Cell(rule.Says)} |\n");
        return text.ToString();
    }

    private static void Keys(StringBuilder text, IEnumerable<CatalogueEntry> entries)
    {
        text.Append("| key | type | default | meaning |\n|---|---|---|---|\n");
        foreach (var entry in entries)
        {
            var field = entry.Field!;
            var choices = string.Concat(field.Shape.Choices.Where(_ => field.Shape.Choices.Count is > 1 and < 8).Select(choice => $" {choice.Word}: {choice.Doc}"));
            text.Append($"| `{entry.Path}` | {Cell(Type(field))} | {Cell(field.Required ? "**required**" : GuideText.Default(field))} | {Cell(field.Doc + choices)} |\n");
        }
    }

    private static string Type(Field field) => field.Shape.Choices.Count >= 8 ? "one of the names that `holdfast explain` lists" : field.Shape.Words;

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal).Replace("\\*\\*required\\*\\*", "**required**", StringComparison.Ordinal);
}
