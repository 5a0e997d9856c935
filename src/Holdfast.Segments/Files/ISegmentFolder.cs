namespace Holdfast.Segments.Files;

/// <summary>A segment as the folder knows it.</summary>
/// <param name="Length">In bytes, when it was listed.</param>
internal readonly record struct SegmentEntry(string Name, long FirstSequence, long Length);

/// <summary>The folder of segments. Every member may throw IOException or UnauthorizedAccessException.</summary>
internal interface ISegmentFolder
{
    /// <summary>For messages.</summary>
    string Path { get; }

    /// <summary>For segments that are encrypted.</summary>
    SegmentKeys Keys { get; }

    /// <summary>In the order of their sequences; empty when there is no such folder. Files of other names are not listed.</summary>
    List<SegmentEntry> List();

    /// <summary>Creates the folder too. An empty file of that name is replaced.</summary>
    ISegmentFile Create(string name);

    ISegmentFile OpenForWriting(string name);

    ISegmentFile OpenForReading(string name);

    void Delete(string name);

    /// <summary>The first takes the place of the second in one step, with its time of the last write.</summary>
    void Replace(string name, string replaced);

    /// <summary>Returns when the names of its files are on the disk.</summary>
    void Sync();
}
