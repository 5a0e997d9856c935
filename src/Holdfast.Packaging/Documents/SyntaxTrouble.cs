using Holdfast.Core.Problems;
using YamlDotNet.Core;

namespace Holdfast.Packaging.Documents;

/// <summary>Says where a syntax error is, in the places a person looks: on a line that exists, and at the tab, if a tab did it.</summary>
internal static class SyntaxTrouble
{
    public static Problem Locate(string text, string file, YamlException syntax)
    {
        var lines = text.Split('\n');
        var place = YamlDocument.PlaceOf(file, syntax.Start);
        for (var line = Math.Max(1, place.Line - 1); line <= Math.Min(lines.Length, place.Line + 1); line++)
        {
            var tab = TabInIndentation(lines[line - 1]);
            if (tab >= 0)
                return DocumentProblems.Tab(new Place(file, line, tab + 1));
        }

        return DocumentProblems.Syntax(OnALine(place, lines), syntax.Message);
    }

    /// <summary>What is missing at the end is reported at the end of the last line that has something on it.</summary>
    private static Place OnALine(Place place, string[] lines)
    {
        var line = Math.Min(place.Line, lines.Length);
        if (line == place.Line && place.Column <= lines[line - 1].Length + 1 && lines[line - 1].Trim().Length > 0)
            return place;
        while (line > 1 && lines[line - 1].Trim().Length == 0)
            line--;
        return line == place.Line ? place : place with { Line = line, Column = lines[line - 1].TrimEnd().Length + 1 };
    }

    private static int TabInIndentation(string line)
    {
        var tab = line.IndexOf('\t');
        return tab >= 0 && line.AsSpan(0, tab).TrimStart(' ').IsEmpty && line.AsSpan(tab).Trim().Length > 0 ? tab : -1;
    }
}
