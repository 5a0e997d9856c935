using Holdfast.Core.Backups;

namespace Holdfast.Core.Tests.Backups;

public sealed class BackupArchiveTests
{
    private static readonly string Hex = new('a', 64);

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(BackupArchive.MaxEntryBytes)]
    public void A_header_says_again_what_was_written(long size)
    {
        var name = BackupArchive.BlobFolder + Hex;

        Assert.Equal((name, size), BackupArchive.ReadHeader(BackupArchive.Header(name, size)));
    }

    [Fact]
    public void No_bit_of_a_header_can_be_another()
    {
        var header = BackupArchive.Header(BackupArchive.BlobFolder + Hex, 12_345);
        for (var bit = 0; bit < header.Length * 8; bit++)
        {
            var changed = header.ToArray();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Null(BackupArchive.ReadHeader(changed));
        }
    }

    [Theory]
    [InlineData(511, 1)]
    [InlineData(512, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 511)]
    public void Content_fills_whole_blocks(long size, long padding) => Assert.Equal(padding, BackupArchive.Padding(size));

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("blobs/sha256/../../x")]
    [InlineData("blobs/sha256/AAAA")]
    [InlineData("manifest.json")]
    public void No_entry_has_a_name_of_its_own(string name) => Assert.NotNull(BackupArchive.Judge(2, name, BackupArchive.ManifestEntry));

    [Fact]
    public void Entries_stand_in_their_places_and_each_once()
    {
        var (a, b) = (BackupArchive.BlobFolder + Hex, BackupArchive.BlobFolder + new string('b', 64));

        Assert.Null(BackupArchive.Judge(0, BackupArchive.MarkEntry, ""));
        Assert.Null(BackupArchive.Judge(1, BackupArchive.ManifestEntry, BackupArchive.MarkEntry));
        Assert.Null(BackupArchive.Judge(2, b, BackupArchive.ManifestEntry));
        Assert.Null(BackupArchive.Judge(3, b, a));
        Assert.Equal("backup.foreign", BackupArchive.Judge(0, "some.txt", "")?.Rule);
        Assert.Equal("backup.damaged", BackupArchive.Judge(1, a, BackupArchive.MarkEntry)?.Rule);
        Assert.Equal("backup.damaged", BackupArchive.Judge(3, a, b)?.Rule);
        Assert.Equal("backup.damaged", BackupArchive.Judge(3, a, a)?.Rule);
    }
}
