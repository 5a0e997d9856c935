using Holdfast.Segments;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Telemetry.Auditing;

/// <summary>The file that is being appended to. What a failed append left behind is cut off before anything else is written.</summary>
internal sealed class AuditTail : IDisposable
{
    private readonly SafeFileHandle handle;
    private bool torn;

    private AuditTail(SafeFileHandle handle, DateOnly day, long length)
    {
        this.handle = handle;
        Day = day;
        Length = length;
    }

    public DateOnly Day { get; }

    /// <summary>Bytes of whole, synced entries.</summary>
    public long Length { get; private set; }

    public static AuditTail Begin(string folder, long firstSequence, DateOnly day, Action<string> syncFolder)
    {
        var file = AuditFile.In(folder, firstSequence, day);
        // A file of this name can only be one that an earlier failure left without an entry.
        var handle = File.OpenHandle(file.Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            RandomAccess.SetLength(handle, 0);
            syncFolder(folder);
            return new AuditTail(handle, day, 0);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <param name="length">Where the last whole entry ends; what stands after it is cut off.</param>
    public static AuditTail Continue(AuditFile file, long length)
    {
        var handle = File.OpenHandle(file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        try
        {
            var tail = new AuditTail(handle, file.Day, length) { torn = RandomAccess.GetLength(handle) != length };
            tail.CutTorn();
            return tail;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>On disk when it returns. Throws IOException: nothing of it is there.</summary>
    /// <param name="lines">Whole entries.</param>
    public void Append(ReadOnlySpan<byte> lines)
    {
        CutTorn();
        torn = true;
        try
        {
            RandomAccess.Write(handle, lines, Length);
            DiskSync.File(handle);
        }
        catch (IOException)
        {
            // If this fails as well, the next append begins with it.
            try { CutTorn(); }
            catch (IOException) { /* the next append begins with it */ }
            throw;
        }

        torn = false;
        Length += lines.Length;
    }

    public void Dispose() => handle.Dispose();

    private void CutTorn()
    {
        if (!torn)
            return;
        RandomAccess.SetLength(handle, Length);
        DiskSync.File(handle);
        torn = false;
    }
}
