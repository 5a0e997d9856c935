using System.Text;

namespace Holdfast.Cli.Output;

/// <summary>Columns as wide as their widest cell, two spaces between them, nothing after the last.</summary>
internal sealed class Table(params string[] headers)
{
    private const string Gap = "  ";

    private readonly List<string[]> rows = [];

    /// <summary>As many cells as there are headers; an empty one is shown as a dash.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != headers.Length) throw new ArgumentException($"{cells.Length} cells for {headers.Length} columns", nameof(cells));
        rows.Add([.. cells.Select(cell => cell.Length == 0 ? "-" : Printable.Text(cell).ReplaceLineEndings(" "))]);
    }

    public override string ToString()
    {
        var widths = headers.Select((header, column) => rows.Select(row => row[column].Length).Append(header.Length).Max()).ToArray();
        var text = new StringBuilder();
        Append(text, headers, widths);
        foreach (var row in rows) Append(text, row, widths);
        return text.ToString();
    }

    private static void Append(StringBuilder text, string[] cells, int[] widths)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            if (i == cells.Length - 1) text.Append(cells[i]);
            else text.Append(cells[i].PadRight(widths[i])).Append(Gap);
        }

        text.Append('\n');
    }
}
