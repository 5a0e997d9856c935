namespace Holdfast.Segments.Files;

/// <summary>One open segment. Every member may throw IOException or UnauthorizedAccessException; whoever calls turns them into a value.</summary>
internal interface ISegmentFile : IDisposable
{
    /// <summary>In bytes, as it is now.</summary>
    long Length { get; }

    /// <summary>Writes all of it, or throws after having written any part of it.</summary>
    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Fills <paramref name="bytes"/> as far as the file goes; the number of bytes read.</summary>
    int Read(long offset, Span<byte> bytes);

    void Truncate(long length);

    /// <summary>Returns when all that was written is on the disk.</summary>
    void Sync();
}
