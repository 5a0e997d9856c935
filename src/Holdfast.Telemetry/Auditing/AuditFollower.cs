using Holdfast.Core.Auditing;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Telemetry.Auditing;

/// <summary>An entry, and the line that it stands in, newline included. The line is valid until the next one is asked for.</summary>
internal readonly record struct FollowedEntry(AuditEntry Entry, ReadOnlyMemory<byte> Line);

/// <summary>Reads a log on from where it was, while it is appended to and retired: what was read is not read again.</summary>
/// <remarks>Not for several threads.</remarks>
internal sealed class AuditFollower(string folder)
{
    /// <summary>Behind the last entry that was read.</summary>
    public FollowedPlace Place { get; set; }

    /// <summary>The entries behind one, in order. Lines that are no entries are left out. Throws IOException and UnauthorizedAccessException.</summary>
    /// <param name="after">Its number; 0: from the oldest that is there.</param>
    /// <param name="upTo">The last one that is on disk: what stands behind it may be taken back.</param>
    public IEnumerable<FollowedEntry> Read(long after, long upTo)
    {
        var files = AuditFile.List(folder);
        // Where entries are missing, the file before says so.
        var first = files.Count(file => file.FirstSequence <= after + 1) - 1;
        foreach (var file in files.Skip(Math.Max(0, first)))
        {
            var from = Place.File == file.Path && Place.Sequence == after ? Place.Offset : 0;
            using var handle = Open(file.Path);
            // It was retired meanwhile.
            if (handle is null) continue;
            foreach (var line in AuditLines.Read(handle, long.MaxValue, from))
            {
                if (!line.Complete || AuditLine.Parse(line.Content.Span, out _) is not { } entry || entry.Sequence <= after) continue;
                if (entry.Sequence > upTo) yield break;
                Place = new(file.Path, entry.Sequence, line.Offset + line.Content.Length);
                yield return new(entry, line.Content);
            }
        }
    }

    private static SafeFileHandle? Open(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}

/// <summary>A place in a log.</summary>
/// <param name="File">Its path; null: nothing was read.</param>
/// <param name="Sequence">Of the entry that ends there.</param>
/// <param name="Offset">In bytes.</param>
internal readonly record struct FollowedPlace(string? File, long Sequence, long Offset);
