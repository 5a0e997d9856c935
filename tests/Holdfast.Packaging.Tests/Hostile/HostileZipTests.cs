using System.IO.Compression;
using System.Text;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Packaging.Tests.Hostile;

/// <summary>Archives that lie. Each is a good package in which one thing was changed.</summary>
public sealed class HostileZipTests : IDisposable
{
    private readonly TempFolder folder;
    private readonly RawZip good;
    private readonly string hex;

    public HostileZipTests()
    {
        (folder, var package) = SampleService.Packed();
        good = RawZip.Read(package);
        hex = good.Entries.First(e => e.Content.Length > 10 && e.NameText.StartsWith("blobs", StringComparison.Ordinal)).NameText;
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_independent_writer_writes_what_the_product_writes()
    {
        Assert.Equal(File.ReadAllBytes(folder["orders-1.2.3.hfpkg"]), good.Write());
    }

    [Theory]
    [InlineData("../../etc/cron.d/evil")]
    [InlineData("/etc/cron.d/evil")]
    [InlineData("C:\\Windows\\evil.dll")]
    [InlineData("blobs/sha256/../../evil")]
    [InlineData("blobs\\sha256\\evil")]
    [InlineData("blobs/sha256/")]
    [InlineData("index.json:stream")]
    [InlineData("INDEX.JSON")]
    [InlineData("NUL")]
    [InlineData("extra.txt")]
    [InlineData("")]
    public void Law01_an_entry_with_another_name_than_a_package_has_is_refused(string name) =>
        Refused((good with { Entries = [.. good.Entries, new(name, "x"u8.ToArray())] }).Sorted(), "package.entry-name");

    [Fact]
    public void Law01_a_name_that_is_no_ASCII_is_refused() =>
        Refused(good with { Entries = [new([0xFF, 0xFE, 0x00], "x"u8.ToArray()), .. good.Entries] }, "package.entry-name");

    [Fact]
    public void Law01_a_name_that_differs_between_directory_and_entry_is_refused() =>
        Refused(good.With(e => e.NameText == hex, e => e with { LocalName = Encoding.ASCII.GetBytes("blobs/sha256/" + new string('0', 64)) }), "package.field");

    [Fact]
    public void Law01_a_duplicate_entry_is_refused() =>
        Refused(good with { Entries = [.. good.Entries.SelectMany(e => e.NameText == "index.json" ? [e, e] : new[] { e })] }, "package.duplicate-entry");

    [Fact]
    public void Law01_entries_out_of_order_are_refused() => Refused(good with { Entries = [.. good.Entries.Reverse()] }, "package.order");

    [Fact]
    public void Law01_a_compressed_bomb_is_refused_before_anything_is_unpacked()
    {
        using MemoryStream packed = new();
        using (DeflateStream deflate = new(packed, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(new byte[10 << 20]);
        Refused(good.With(e => e.NameText == hex, e => e with { Method = 8, CentralSize = 10 << 20, CentralCompressedSize = (uint)packed.Length }), "package.compressed");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(0x800)]
    public void Law01_encryption_data_descriptors_and_other_flags_are_refused(ushort flags) =>
        Refused(good.With(e => e.NameText == hex, e => e with { Flags = flags }), "package.compressed");

    [Fact]
    public void Law01_sizes_that_differ_between_directory_and_entry_are_refused() =>
        Refused(good.With(e => e.NameText == hex, e => e with { LocalSize = 3 }), "package.size-lies");

    [Fact]
    public void Law01_a_stored_entry_with_two_sizes_is_refused() =>
        Refused(good.With(e => e.NameText == hex, e => e with { CentralCompressedSize = 3 }), "package.size-lies");

    [Fact]
    public void Law01_a_size_beyond_the_end_is_refused() =>
        Refused(good.With(e => e.NameText == hex, e => e with { CentralSize = 0x7FFF_FFFF, LocalSize = 0x7FFF_FFFF }), "package.overlap");

    [Fact]
    public void Law01_a_size_that_is_smaller_than_the_content_is_refused() =>
        Refused(good.With(e => e.NameText == hex, e => e with { CentralSize = 3, LocalSize = 3 }), "package.overlap");

    [Fact]
    public void Law01_overlapping_entries_are_refused() =>
        Refused(good.With(e => e.NameText == "oci-layout", e => e with { Offset = 0 }), "package.overlap");

    [Fact]
    public void Law01_a_wrong_checksum_is_refused() =>
        Refused(good.With(e => e.NameText == "index.json", e => e with { Crc = 1 }), "package.digest-mismatch");

    [Fact]
    public void Law01_extra_fields_comments_times_and_link_attributes_are_refused()
    {
        Refused(good.With(e => e.NameText == hex, e => e with { CentralExtra = [1, 0, 0, 0], LocalExtra = [1, 0, 0, 0] }), "package.field");
        Refused(good.With(e => e.NameText == hex, e => e with { LocalExtra = [1, 0, 0, 0] }), "package.field");
        Refused(good.With(e => e.NameText == hex, e => e with { Comment = [65] }), "package.field");
        Refused(good.With(e => e.NameText == hex, e => e with { Time = 1 }), "package.field");
        Refused(good.With(e => e.NameText == hex, e => e with { Attributes = 0xA1FF_0000 }), "package.field");
    }

    [Fact]
    public void Law01_bytes_before_between_and_after_are_refused()
    {
        Refused(good with { Prefix = "#!/bin/sh\nevil\n"u8.ToArray() }, "package.prefix");
        Refused(good with { BeforeDirectory = new byte[5] }, "package.directory");
        Refused(good with { Trailer = new byte[1] }, "package.truncated");
        Refused(good with { EndComment = "hello"u8.ToArray() }, "package.truncated");
        Refused(good with { Count = (ushort)(good.Entries.Count - 1) }, "package.directory");
        Refused(good with { Count = (ushort)(good.Entries.Count + 1) }, "package.directory");
        Refused(good with { Count = 0xFFFF }, "package.too-many-entries");
    }

    [Fact]
    public void Law01_an_end_that_hides_in_a_comment_is_refused()
    {
        // The last 22 bytes look like an end record of an empty archive.
        var end = new byte[22];
        "PK\x05\x06"u8.CopyTo(end);
        Refused(good with { EndComment = end }, "package.directory");
    }

    [Fact]
    public void Law01_a_package_cut_off_anywhere_is_refused()
    {
        var bytes = good.Write();
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(folder["cut.hfpkg"], bytes[..length]);
            Assert.False(PackageReader.Inspect(folder["cut.hfpkg"]).IsOk, $"cut to {length} bytes");
        }
    }

    [Fact]
    public void Law01_an_empty_archive_is_refused() => Refused(new RawZip([]), "package.missing-blob");

    [Fact]
    public void Law01_what_is_missing_and_what_is_too_much_is_named()
    {
        var stranger = "blobs/sha256/" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("x"u8));
        Assert.Contains(stranger, Refused((good with { Entries = [.. good.Entries, new(stranger, "x"u8.ToArray())] }).Sorted(), "package.extra-blob"), StringComparison.Ordinal);
        var empty = good.Entries.Single(e => e.Content.Length == 0);
        Assert.Contains("lib/empty.txt", Refused(good with { Entries = [.. good.Entries.Where(e => e != empty)] }, "package.missing-blob"), StringComparison.Ordinal);
        Refused(good with { Entries = [.. good.Entries.Where(e => e.NameText != "index.json")] }, "package.missing-blob");
    }

    private string Refused(RawZip zip, string rule)
    {
        File.WriteAllBytes(folder["hostile.hfpkg"], zip.Write());
        return Law.Refused(PackageReader.Inspect(folder["hostile.hfpkg"]), rule).What;
    }
}
