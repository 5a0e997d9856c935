using System.Security.Cryptography;
using System.Text;
using Holdfast.Segments.Packing;
using Holdfast.Segments.Tests.Faults;

namespace Holdfast.Segments.Tests.Packing;

public sealed class PackingTests : IDisposable
{
    private readonly TestFolder folder = new();
    private readonly SegmentKey key = SegmentKey.New();
    private readonly SegmentKeys keys = new();

    public PackingTests() => keys.Replace([SegmentKey.New(), key]);

    public void Dispose() => folder.Dispose();

    public static TheoryData<bool, bool> Forms => new() { { true, false }, { false, true }, { true, true }, { false, false } };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Readers_see_the_same_lines_under_the_same_numbers_and_places(bool compress, bool encrypt)
    {
        var lines = Write(folder.Path, 5000);
        var before = Output.Read(folder.Path);
        Assert.Equal(lines, before.Count);
        PackAll(compress, encrypt ? key : null);
        Assert.Equal(before, Read(SegmentStart.Beginning));
        Assert.Equal(before.Skip(1233), Read(SegmentStart.Sequence(1234)));
        Assert.Equal(before.TakeLast(700), Read(SegmentStart.Tail(700)));
        Assert.Equal(before.Skip(2000), Read(SegmentStart.Time(DateTimeOffset.UnixEpoch.AddSeconds(2000))));
    }

    [Fact]
    public void Text_becomes_smaller_and_none_of_it_is_to_be_seen()
    {
        Write(folder.Path, 5000);
        var first = folder.Segments[0];
        var (before, written) = (new FileInfo(first).Length, File.GetLastWriteTimeUtc(first));
        PackAll(compress: true, key);
        Assert.True(new FileInfo(first).Length < before / 4);
        Assert.Equal(written, File.GetLastWriteTimeUtc(first));
        Assert.DoesNotContain("a line of some length", Encoding.Latin1.GetString(File.ReadAllBytes(first)), StringComparison.Ordinal);
        PackAll(compress: true, null);
        Assert.Empty(Directory.GetFiles(folder.Path, "*" + SegmentPacking.Unfinished));
    }

    [Fact]
    public void What_is_encrypted_and_whose_key_is_not_here_is_trouble_and_no_damage()
    {
        Write(folder.Path, 5000);
        var before = Output.Read(folder.Path);
        PackAll(compress: true, key);
        using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System, keys);
        keys.Replace([]);
        Assert.Contains(key.Id.ToString("n"), Assert.Throws<IOException>(() => reader.ReadAll()).Message, StringComparison.Ordinal);
        keys.Replace([key]);
        Assert.Equal(before, reader.ReadAll());
        Assert.Equal(0, reader.DamagedBytes);
    }

    [Fact]
    public void A_writer_goes_on_behind_packed_segments_also_behind_one_that_has_become_the_last()
    {
        Write(folder.Path, 5000);
        var before = Output.Read(folder.Path);
        PackAll(compress: true, key);
        File.Delete(folder.Segments[^1]);
        var there = Read(SegmentStart.Beginning);
        Assert.NotEqual(before.Count, there.Count);
        // Neither the writer nor who asks for the end has a key.
        Assert.Equal(there.Count + 1, new SegmentEnds().NextSequence(folder.Path));
        using (var writer = SegmentWriter.Open(folder.Path, new(), TimeProvider.System).Value)
        {
            Assert.Equal(there.Count + 1, writer.NextSequence);
            Assert.Null(writer.Write("one more\n"));
        }

        Assert.Equal(there.Append($"{there.Count + 1} stdout one more"), Read(SegmentStart.Beginning));
    }

    [Fact]
    public void Whoever_reads_a_segment_that_is_packed_meanwhile_goes_on_in_it()
    {
        Write(folder.Path, 5000);
        var before = Output.Read(folder.Path);
        using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System, keys);
        Assert.True(reader.TryRead(out var first));
        PackAll(compress: true, key);
        Assert.Equal(before.Skip((int)first.Lines), reader.ReadAll());
    }

    [Fact]
    public void Retention_counts_what_is_on_the_disk()
    {
        var policy = new SegmentPolicy { RotateBytes = 40_000, KeepBytes = 120_000 };
        using var writer = SegmentWriter.Open(folder.Path, policy, TimeProvider.System).Value;
        var pack = 0;
        for (var i = 0; i < 20_000; i++)
        {
            Assert.Null(writer.Write($"a line of some length {i}\n"));
            if (i % 500 == 0) PackAll(compress: true, null);
            pack = Math.Max(pack, folder.Segments.Length);
        }

        // Not packed there were three or four.
        Assert.True(pack > 6);
        Assert.True(folder.Segments.Sum(segment => new FileInfo(segment).Length) <= 120_000 + 40_000);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Whatever_byte_is_changed_no_line_is_another_one(bool compress, bool encrypt)
    {
        using (var writer = SegmentWriter.Open(folder.Path, new() { RotateBytes = 700_000 }, TimeProvider.System).Value)
        {
            for (var i = 0; folder.Segments.Length < 2; i++) writer.Write(string.Concat(Enumerable.Range(0, 50).Select(k => $"{Convert.ToHexString(SHA256.HashData([(byte)i, (byte)(i >> 8), (byte)k]))}\n")));
        }

        var before = Output.Read(folder.Path).ToHashSet(StringComparer.Ordinal);
        PackAll(compress, encrypt ? key : null);
        var whole = File.ReadAllBytes(folder.Segments[0]);
        var random = new Random(7);
        for (var round = 0; round < 60; round++)
        {
            var changed = whole.ToArray();
            // The headers and the table have as many rounds as the rest.
            var at = round % 3 == 0 ? random.Next(PackedHeader.Size + 64) : random.Next(changed.Length);
            if (round % 5 == 4) changed = changed[..at];
            else changed[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(folder.Segments[0], changed);
            using var reader = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System, keys);
            var lost = 0L;
            var seen = 0L;
            while (reader.TryRead(out var block))
            {
                if (block.Loss is { } loss)
                {
                    lost += loss.Lines;
                    continue;
                }

                foreach (var line in block.Split())
                {
                    seen++;
                    Assert.Contains($"{line.Sequence} {line.Stream.Name()} {Encoding.UTF8.GetString(line.Text.Span)}", before);
                }
            }

            // All are accounted for, unless the first segment is no segment any more: then the reader begins with the next.
            if (lost > 0 || seen == before.Count) Assert.Equal(before.Count, lost + seen);
            else Assert.True(seen > 0);
        }
    }

    [Theory]
    [InlineData("write")]
    [InlineData("sync")]
    [InlineData("replace")]
    [InlineData("create")]
    public void What_cannot_be_packed_stays_as_it_was(string what)
    {
        var faulty = new FaultyFolder();
        using (var writer = SegmentWriter.Open(faulty, new() { RotateBytes = 20_000 }, TimeProvider.System).Value)
        {
            for (var i = 0; i < 2000; i++) writer.Write($"a line of some length {i}\n");
        }

        var name = faulty.List()[0].Name;
        var before = faulty.Content(name).ToArray();
        var calls = 0;
        if (what == "write") faulty.OnWrite = size => ++calls == 2 ? size / 2 : null;
        (faulty.FailsSync, faulty.FailsReplace, faulty.FailsCreate) = (what == "sync", what == "replace", () => what == "create");
        var failed = SegmentPacking.Pack(faulty, name, compress: true, key);
        Assert.Equal("segments.pack", failed.Problems.Single().Rule);
        Assert.Equal(before, faulty.Content(name));
        Assert.DoesNotContain(faulty.Names, one => one.EndsWith(SegmentPacking.Unfinished, StringComparison.Ordinal));
        (faulty.OnWrite, faulty.FailsSync, faulty.FailsReplace, faulty.FailsCreate) = (_ => null, false, false, () => false);
        Assert.NotNull(SegmentPacking.Pack(faulty, name, compress: true, key).Value);
        Assert.Null(SegmentPacking.Pack(faulty, name, compress: true, key).Value);
    }

    [Fact]
    public void A_damaged_segment_is_packed_with_its_damage_and_one_in_which_nothing_can_be_read_is_left_alone()
    {
        Write(folder.Path, 5000);
        var bytes = File.ReadAllBytes(folder.Segments[0]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(folder.Segments[0], bytes);
        var nothing = new byte[10_000];
        File.WriteAllBytes(folder.Segments[1], nothing);
        using var before = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System);
        var lines = before.ReadAll();
        PackAll(compress: true, key);
        using var after = SegmentReader.Open(folder.Path, SegmentStart.Beginning, TimeProvider.System, keys);
        Assert.Equal(lines, after.ReadAll());
        Assert.Equal(before.DamagedRanges, after.DamagedRanges);
        Assert.Equal(nothing, File.ReadAllBytes(folder.Segments[1]));
    }

    private static int Write(string path, int lines)
    {
        using var writer = SegmentWriter.Open(path, new() { RotateBytes = 600_000 / 8 }, TimeProvider.System).Value;
        for (var i = 0; i < lines; i++) Assert.Null(writer.Write($"a line of some length {i} {new string('x', i % 50)}\n", at: DateTimeOffset.UnixEpoch.AddSeconds(i)));
        return lines;
    }

    private void PackAll(bool compress, SegmentKey? with)
    {
        foreach (var segment in ClosedSegments.List(folder.Path)) Assert.True(ClosedSegments.Pack(segment, compress, with).IsOk);
    }

    private List<string> Read(SegmentStart start)
    {
        using var reader = SegmentReader.Open(folder.Path, start, TimeProvider.System, keys);
        return reader.ReadAll();
    }
}
