using Holdfast.Core.Sources;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>The files that a service writes, as the operating system shows them. What it gives out of is never followed through a link, and is a regular file.</summary>
public interface ISourceFiles
{
    /// <summary>What there is now in the folders of all patterns.</summary>
    SourceLook Look();

    /// <summary>Opens a file for reading without being in the way of whoever renames, empties or deletes it.</summary>
    /// <param name="file">Of the last look.</param>
    /// <param name="trouble">Why it cannot be opened; null: it is another one by now, or is gone.</param>
    ISourceFile? Open(SeenFile file, out string? trouble);
}

/// <param name="Folders">What was seen.</param>
/// <param name="Troubles">What could not be seen, and why: a sentence each.</param>
public sealed record SourceLook(FolderLook Folders, IReadOnlyList<string> Troubles);

/// <summary>An open file. What a call cannot do it says with IOException or UnauthorizedAccessException.</summary>
public interface ISourceFile : IDisposable
{
    /// <summary>In bytes, as it is now.</summary>
    long Length { get; }

    /// <summary>It is to be deleted when nobody has it open any more, and its name is not free until then (Windows).</summary>
    bool IsDeletePending { get; }

    /// <summary>Fills <paramref name="bytes"/> as far as the file goes; the number of bytes read.</summary>
    int Read(long offset, Span<byte> bytes);
}
