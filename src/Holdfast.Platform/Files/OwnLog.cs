namespace Holdfast.Platform;

/// <summary>The log file that our stderr is appended to: it is held to a size by who writes it, as nobody else may be there to do so.</summary>
public static class OwnLog
{
    /// <summary>In bytes. As much again is kept beside it.</summary>
    public const long Most = 4 << 20;

    /// <summary>What an earlier part of the file is kept as.</summary>
    public static string Earlier(string file) => file + ".1";

    /// <summary>
    /// Copies a file that has grown beyond <see cref="Most"/> to the one beside it, and begins it anew: whoever has it open to append goes on
    /// at its start. Lines that another process writes within that moment may be lost; they are words about us, events are in the journal.
    /// </summary>
    public static void Hold(string file)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        try
        {
            if (new FileInfo(file) is not { Exists: true, Length: > Most }) return;
            File.Copy(file, Earlier(file), overwrite: true);
            using var emptied = new FileStream(file, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A full disk: the next line tries again.
        }
    }
}
