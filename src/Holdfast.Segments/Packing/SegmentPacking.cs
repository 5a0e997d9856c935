using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Holdfast.Core.Problems;
using Holdfast.Segments.Files;
using Holdfast.Segments.Reading;
using Holdfast.Segments.Writing;

namespace Holdfast.Segments.Packing;

/// <summary>
/// Packs segments that are not written any more: compressed, encrypted, or both. A packed segment has the name of the one that it was and takes its place in one step, after it was read back and
/// compared; readers see the same bytes at the same places. Whoever reads the former one reads on in it.
/// </summary>
internal static class SegmentPacking
{
    /// <summary>Ends the name of what is not finished.</summary>
    public const string Unfinished = ".packing";

    /// <summary>A reader that wants a line unpacks so much.</summary>
    private const int FrameSize = 256 << 10;

    /// <summary>The bytes that it has now; null: it is packed already, or nothing in it can be read. Problems: <c>segments.pack</c>: it is as it was.</summary>
    /// <param name="folder">Where it is.</param>
    /// <param name="name">Of a segment that has one after it.</param>
    /// <param name="compress">What becomes smaller by it.</param>
    /// <param name="key">Null: it is not encrypted.</param>
    public static Outcome<long?> Pack(ISegmentFolder folder, string name, bool compress, SegmentKey? key)
    {
        var unfinished = name + Unfinished;
        var isBegun = false;
        try
        {
            long length;
            // Windows replaces nothing that is open, not even by ourselves.
            using (var segment = folder.OpenForReading(name))
            {
                if (Header(segment, key) is not { } header) return Outcome.Of<long?>(null);
                isBegun = true;
                using (var packed = folder.Create(unfinished))
                {
                    Write(packed, segment, header, compress, key);
                    packed.Sync();
                }

                var written = folder.OpenForReading(unfinished);
                length = written.Length;
                if (!IsSame(segment, written, key)) throw new IOException("what was written could not be read back as it was");
            }

            folder.Replace(unfinished, name);
            isBegun = false;
            folder.Sync();
            return Outcome.Of<long?>(length);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Retention was quicker, or the removal of its service.
            if (isBegun) Remove(folder, unfinished);
            return Outcome.Of<long?>(null);
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            if (isBegun) Remove(folder, unfinished);
            return SegmentProblems.Pack(folder.Path, name, e);
        }
    }

    private static PackedHeader? Header(ISegmentFile segment, SegmentKey? key)
    {
        var first = new byte[FileHeader.Size];
        if (segment.Read(0, first) < FileHeader.Size || !FileHeader.TryRead(first, out var own) || own.Version > FileHeader.CurrentVersion) return null;
        // The scanner is not ended: the file is the caller's.
        var scanner = new BlockScanner(segment);
        var next = TailScan.Of(scanner).NextSequence;
        scanner.Release();
        return next == 0 ? null : new(FrameSize, segment.Length, next, key?.Id ?? Guid.Empty, key is null ? new byte[PackedHeader.SaltSize] : RandomNumberGenerator.GetBytes(PackedHeader.SaltSize), first);
    }

    private static void Write(ISegmentFile packed, ISegmentFile segment, PackedHeader header, bool compress, SegmentKey? key)
    {
        var headerBytes = header.ToBytes();
        using var cipher = key?.Of(header.Salt);
        var (plain, made, room) = (Rent(), Rent(), Rent());
        try
        {
            var table = new byte[header.TableSize];
            var offset = (long)PackedHeader.Size + table.Length;
            for (var i = 0; i < header.Frames; i++)
            {
                var size = (int)Math.Min(FrameSize, header.Length - ((long)i * FrameSize));
                if (segment.Read((long)i * FrameSize, plain.AsSpan(0, size)) != size) throw new IOException("it has become shorter");
                var frame = PackedFrame.Make(plain.AsSpan(0, size), i, compress, cipher, headerBytes, made, room);
                packed.Write(offset, made.AsSpan(0, frame.Length));
                frame.Write(table.AsSpan(i * PackedFrame.EntrySize));
                offset += frame.Length;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan(table.Length - 4), Crc32C.Of(table.AsSpan(0, table.Length - 4)));
            packed.Write(PackedHeader.Size, table);
            packed.Write(0, headerBytes);
        }
        finally
        {
            foreach (var buffer in new[] { plain, made, room }) ArrayPool<byte>.Shared.Return(buffer, clearArray: key is not null);
        }
    }

    /// <param name="written">Ended here.</param>
    private static bool IsSame(ISegmentFile segment, ISegmentFile written, SegmentKey? key)
    {
        var keys = new SegmentKeys();
        if (key is not null) keys.Replace([key]);
        using var packed = PackedFile.Of(written, keys, "");
        if (packed == written || packed.Length != segment.Length) return false;
        var (left, right) = (Rent(), Rent());
        try
        {
            for (var offset = 0L; offset < segment.Length; offset += FrameSize)
            {
                var size = (int)Math.Min(FrameSize, segment.Length - offset);
                if (segment.Read(offset, left.AsSpan(0, size)) != size || packed.Read(offset, right.AsSpan(0, size)) != size || !left.AsSpan(0, size).SequenceEqual(right.AsSpan(0, size))) return false;
            }

            return true;
        }
        finally
        {
            foreach (var buffer in new[] { left, right }) ArrayPool<byte>.Shared.Return(buffer, clearArray: key is not null);
        }
    }

    private static byte[] Rent() => ArrayPool<byte>.Shared.Rent(PackedFrame.Most(FrameSize));

    private static void Remove(ISegmentFolder folder, string unfinished)
    {
        try
        {
            folder.Delete(unfinished);
        }
        catch (Exception e) when (SegmentProblems.IsExpected(e))
        {
            // Its name says that it is nothing, and the next attempt begins it anew.
        }
    }
}
