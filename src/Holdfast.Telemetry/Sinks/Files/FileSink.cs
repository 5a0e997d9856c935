using Holdfast.Core.Shipping;
using Holdfast.Segments;
using Holdfast.Telemetry.Shipping;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Telemetry.Sinks.Files;

/// <summary>
/// Events as lines of JSON in a file. Delivered is what is on the disk. A file that has become large is renamed to <c>NAME.1</c> and those before it to <c>NAME.2</c> and so on; the oldest leaves.
/// </summary>
/// <param name="path">Absolute; its folder must be there.</param>
/// <param name="rotateBytes">A file of this size is renamed before more is written.</param>
/// <param name="keep">How many of the renamed ones stay.</param>
public sealed class FileSink(string path, long rotateBytes, int keep) : ISink
{
    private SafeFileHandle? file;
    private long length;

    public Task<Delivery> DeliverAsync(EventBatch batch, IReadOnlyList<int> asked, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(asked);
        try
        {
            Write(batch, asked);
            return Task.FromResult<Delivery>(Delivery.All.Of);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A torn end is cut off when it is opened again; what is whole of it comes again, under the same ids.
            Close();
            return Task.FromResult<Delivery>(new Delivery.Nothing($"{path} cannot be written: {e.Message}"));
        }
    }

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private void Write(EventBatch batch, IReadOnlyList<int> asked)
    {
        if (file is not null && length >= rotateBytes) Rotate();
        file ??= Open();
        if (asked.Count == batch.Events.Count)
        {
            RandomAccess.Write(file, batch.Lines.Span, length);
            length += batch.Lines.Length;
        }
        else
        {
            foreach (var index in asked)
            {
                var at = batch.Events[index];
                RandomAccess.Write(file, batch.Lines.Span.Slice(at.Start, at.Length), length);
                length += at.Length;
            }
        }

        DiskSync.File(file);
    }

    private SafeFileHandle Open()
    {
        var opened = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            length = EndOfLines(opened);
            RandomAccess.SetLength(opened, length);
            DiskSync.Folder(Path.GetDirectoryName(path)!);
            return opened;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>What stands behind the last newline is the torn end of a batch that was not answered.</summary>
    private static long EndOfLines(SafeFileHandle file)
    {
        var buffer = new byte[64 << 10];
        for (var end = RandomAccess.GetLength(file); end > 0;)
        {
            var begin = Math.Max(0, end - buffer.Length);
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)(end - begin)), begin);
            var newline = buffer.AsSpan(0, read).LastIndexOf((byte)'\n');
            if (newline >= 0) return begin + newline + 1;
            end = begin;
        }

        return 0;
    }

    private void Rotate()
    {
        Close();
        File.Delete($"{path}.{keep}");
        for (var number = keep - 1; number >= 0; number--)
        {
            var from = number == 0 ? path : $"{path}.{number}";
            if (File.Exists(from)) File.Move(from, $"{path}.{number + 1}", overwrite: true);
        }
    }

    private void Close()
    {
        file?.Dispose();
        file = null;
    }
}
