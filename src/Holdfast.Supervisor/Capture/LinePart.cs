using System.Buffers;

namespace Holdfast.Supervisor.Capture;

/// <summary>The beginning of a line whose end has not come yet. It has memory only while there is one.</summary>
internal sealed class LinePart
{
    private byte[] buffer = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, Length);

    public void Set(ReadOnlySpan<byte> bytes)
    {
        Clear();
        if (bytes.IsEmpty) return;
        buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(buffer);
        Length = bytes.Length;
    }

    public void Clear()
    {
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Length = 0;
    }
}
