using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Packaging.Tests.Building;

public sealed class PackageBuilderTests
{
    [Fact]
    public void The_same_folder_gives_the_same_bytes_whatever_times_modes_and_order_say()
    {
        using var one = SampleService.Folder();
        using TempFolder two = new();
        // The same content, created in another order, with other times and other modes.
        foreach (var name in new[] { "lib/empty.txt", "config/app.json", "holdfast.yaml", "bin/orders" })
        {
            var path = two.Write(name, File.ReadAllBytes(one[name]));
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        }

        var first = SampleService.Pack(one.Path, one["a.hfpkg"]);
        var second = SampleService.Pack(two.Path, two["b.hfpkg"]);

        Assert.Equal(first.Digest, second.Digest);
        Assert.Equal(File.ReadAllBytes(first.Path), File.ReadAllBytes(second.Path));
    }

    [Fact]
    public void The_format_does_not_drift()
    {
        // These are in the field: a change here makes every package that was ever built another one.
        var (folder, package) = SampleService.Packed();
        using (folder)
        {
            Assert.Equal("sha256:3839b1a4917460e377ece41273c417515fbcb69a6bb00003e8cd6288daf9a3a2", PackageReader.Inspect(package).Value.Digest);
            Assert.Equal("6a67545210a3173709e89ad995264ee529459bc94252085b59a3b9ae7d64e829", Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(package))));
        }
    }

    [Fact]
    public void An_ordinary_zip_reader_finds_an_OCI_layout_whose_blobs_are_what_their_names_say()
    {
        var (folder, package) = SampleService.Packed();
        using var _ = folder;
        using var zip = ZipFile.OpenRead(package);
        Dictionary<string, byte[]> entries = [];
        foreach (var entry in zip.Entries)
        {
            using MemoryStream content = new();
            using var stream = entry.Open();
            stream.CopyTo(content);
            entries[entry.FullName] = content.ToArray();
        }

        Assert.Equal("{\"imageLayoutVersion\":\"1.0.0\"}"u8.ToArray(), entries["oci-layout"]);
        foreach (var (name, content) in entries.Where(e => e.Key.StartsWith("blobs/sha256/", StringComparison.Ordinal)))
            Assert.EndsWith(Convert.ToHexStringLower(SHA256.HashData(content)), name, StringComparison.Ordinal);
        var index = JsonDocument.Parse(entries["index.json"]).RootElement;
        var manifest = JsonDocument.Parse(Blob(index.GetProperty("manifests")[0])).RootElement;
        Assert.Equal(SampleService.Spec, System.Text.Encoding.UTF8.GetString(Blob(manifest.GetProperty("config"))));
        var layers = manifest.GetProperty("layers").EnumerateArray().ToDictionary(l => l.GetProperty("annotations").GetProperty("org.opencontainers.image.title").GetString()!);
        Assert.Equal(["bin/orders", "config/app.json", "lib/empty.txt"], layers.Keys);
        Assert.Equal("{\"level\":\"info\"}\r\n"u8.ToArray(), Blob(layers["config/app.json"]));

        byte[] Blob(JsonElement descriptor)
        {
            var content = entries["blobs/sha256/" + descriptor.GetProperty("digest").GetString()!["sha256:".Length..]];
            Assert.Equal(content.Length, descriptor.GetProperty("size").GetInt64());
            return content;
        }
    }

    [Fact]
    public void What_is_executable_follows_from_the_file_and_the_spec_not_from_the_machine()
    {
        using var folder = SampleService.Folder();
        folder.Write("bin/elf", [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0]);
        folder.Write("bin/orders", "no shebang, but the spec's command");
        folder.Write("secret/token", "hush");
        folder.Write("data/seed.sh", "#!/bin/sh\n");

        var files = SampleService.TryPack(folder, folder["x.hfpkg"], new("bin"), new("config/*.json", AccessClass.Config), new("secret", AccessClass.Secret), new("data/**", AccessClass.Data)).Value.Files;

        Assert.Equal(
            [("bin/elf", "0555", AccessClass.Code), ("bin/orders", "0555", AccessClass.Code), ("config/app.json", "0444", AccessClass.Config), ("data/seed.sh", "0555", AccessClass.Data), ("secret/token", "0400", AccessClass.Secret)],
            files.Select(f => (f.Path, f.Mode, f.Access)));
    }

    [Fact]
    public void Without_patterns_everything_is_packed_but_hidden_files_packages_and_the_spec()
    {
        using var folder = SampleService.Folder();
        folder.Write(".git/config", "x");
        folder.Write("lib/.cache/x", "x");
        folder.Write("old.hfpkg", "x");

        Assert.Equal(["bin/orders", "config/app.json", "lib/empty.txt"], SampleService.Pack(folder.Path, folder["new.hfpkg"]).Files.Select(f => f.Path));
    }

    [Fact]
    public void A_link_within_the_folder_is_packed_as_the_file_it_leads_to()
    {
        using var folder = SampleService.Folder();
        File.CreateSymbolicLink(folder["lib/alias.json"], "../config/app.json");
        var files = SampleService.Pack(folder.Path, folder["x.hfpkg"]).Files;
        Assert.Equal(files.Single(f => f.Path == "config/app.json").Digest, files.Single(f => f.Path == "lib/alias.json").Digest);
    }

    [Theory]
    [InlineData("/etc/hostname")]
    [InlineData("../../../../../../etc/hostname")]
    [InlineData("nowhere")]
    public void A_link_that_leaves_the_folder_or_leads_nowhere_is_refused(string target)
    {
        using var folder = SampleService.Folder();
        File.CreateSymbolicLink(folder["lib/link"], target);
        Assert.Contains("lib/link", Law.Refused(SampleService.TryPack(folder.Path, folder["x.hfpkg"]), "pack.link").What, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["x.hfpkg"]));
    }

    [Fact]
    public void A_link_to_a_folder_is_refused_and_not_followed()
    {
        using var folder = SampleService.Folder();
        File.CreateSymbolicLink(folder["loop"], ".");
        Law.Refused(SampleService.TryPack(folder.Path, folder["x.hfpkg"]), "pack.link");
    }

    [Fact]
    public void Law08_everything_that_is_wrong_is_told_at_once_and_the_old_package_stays()
    {
        using var folder = SampleService.Folder();
        folder.Write("x.hfpkg", "the old one");
        folder.Write("lib/aux.txt", "a device on Windows");
        folder.Write("lib/CaSe", "1");
        folder.Write("lib/case", "2");
        folder.Write("lib/server.key", "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n");

        var outcome = SampleService.TryPack(folder.Path, folder["x.hfpkg"]);

        Law.Refused(outcome, "package.path");
        Law.Refused(outcome, "package.path-collision");
        Law.Refused(outcome, "pack.private-key");
        Assert.Equal("the old one", File.ReadAllText(folder["x.hfpkg"]));
        Assert.All(outcome.Problems, p => Assert.Equal(ProblemKind.BadInput, p.Kind));
    }

    [Fact]
    public void Law08_a_command_that_is_not_packed_and_a_pattern_that_matches_nothing_are_named()
    {
        using var folder = SampleService.Folder();
        var outcome = SampleService.TryPack(folder, folder["x.hfpkg"], new FileSpec("config"), new FileSpec("nothing/**"), new FileSpec("gone.txt"));
        Assert.Contains("bin/orders", Law.Refused(outcome, "pack.command-missing").What, StringComparison.Ordinal);
        Assert.Equal(["files: nothing/** matches nothing in the folder", "files: gone.txt is not in the folder"], outcome.Problems.Where(p => p.Rule == "pack.no-match").Select(p => p.What));
    }

    [Fact]
    public void A_folder_that_does_not_exist_is_a_problem_and_no_exception()
    {
        using TempFolder folder = new();
        var spec = Packaging.Documents.SpecFile.Read(SampleService.Spec, "holdfast.yaml").Value;
        Law.Refused(Packaging.Building.PackageBuilder.Pack(folder["gone"], default, spec, folder["x.hfpkg"]), "pack.folder");
    }
}
