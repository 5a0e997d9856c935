namespace Holdfast.Cli.Output;

/// <summary>Values over time as a line of blocks, the newest at the right.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";

    /// <param name="values">Oldest first; a negative one is not known, and a gap.</param>
    /// <param name="least">What the highest block stands for at least, so that next to nothing looks like it.</param>
    /// <param name="width">Characters; older values than fit are left out.</param>
    public static string Of(IReadOnlyCollection<double> values, double least, int width)
    {
        var shown = values.Skip(values.Count - width).ToList();
        var top = Math.Max(least, shown.Append(0).Max());
        return string.Concat(shown.Select(value => value < 0 ? ' ' : Blocks[Math.Clamp((int)(value / top * Blocks.Length), 0, Blocks.Length - 1)])).PadLeft(width);
    }
}
