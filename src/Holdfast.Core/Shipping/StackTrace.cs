namespace Holdfast.Core.Shipping;

/// <summary>
/// Which lines belong to the one before: stack traces of Java, .NET, Python and Go, which come as many lines and are one event. Told by the form of a line alone, so that the same lines always
/// make the same events.
/// </summary>
public static class StackTrace
{
    /// <param name="line">Without its newline.</param>
    /// <param name="isGo">In a trace of Go, whose lines are not indented: it begins with a panic, and ends with the first line that is none of its own. Kept from line to line.</param>
    public static bool Continues(ReadOnlySpan<byte> line, ref bool isGo)
    {
        if (isGo && IsOfGo(line)) return true;
        isGo = line.StartsWith("panic: "u8) || line.StartsWith("fatal error: "u8) || line.StartsWith("SIGQUIT: "u8);
        if (isGo || line.IsEmpty) return false;
        if (line[0] is (byte)'\t' or (byte)' ') return line.TrimStart(" \t"u8).Length > 0;
        return line.StartsWith("Caused by: "u8) || line.StartsWith("Suppressed: "u8) || line.StartsWith("--- End of "u8);
    }

    private static bool IsOfGo(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] == (byte)'\t') return true;
        if (line.StartsWith("goroutine "u8) || line.StartsWith("created by "u8) || line.StartsWith("[signal "u8) || line.StartsWith("panic: "u8) || line.StartsWith("exit status "u8)) return true;
        // A function with its arguments: main.run(0xc000012345, ...)
        return line[^1] == (byte)')' && line.IndexOf((byte)'(') > 0 && line.IndexOf((byte)' ') is var space && (space < 0 || space > line.IndexOf((byte)'('));
    }
}
