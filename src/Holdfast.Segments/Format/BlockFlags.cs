namespace Holdfast.Segments;

/// <summary>What is special about a block. The numbers are the file format: append only.</summary>
[Flags]
public enum BlockFlags : byte
{
    None = 0,

    /// <summary>The block's last line was cut before its newline came: too long, a pause, or the end of the stream.</summary>
    Unfinished = 1,

    /// <summary>The block's first line goes on with the unfinished line of the same stream before it.</summary>
    Resumed = 2,

    /// <summary>The block holds no lines but says which were lost: see <see cref="Loss"/>. It takes as many sequence numbers as lines were lost.</summary>
    Lost = 4,

    /// <summary>Only from a reader, never on disk: lines that were written and cannot be read (damaged, or deleted by retention before they were read).</summary>
    Gap = 8,
}
