namespace Holdfast.Platform;

/// <summary>What a process of ours said last in its log.</summary>
public static class LastWords
{
    /// <summary>The last line that is not empty; null: there is none, or the log cannot be read.</summary>
    /// <param name="log">May be written to meanwhile, which Windows lets only who says so read.</param>
    public static string? Of(string log)
    {
        try
        {
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            string? last = null;
            while (reader.ReadLine() is { } line)
                if (line.Length > 0) last = line;
            return last;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
