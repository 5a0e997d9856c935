using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Backups;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Node.Backups;
using Holdfast.Packaging.Tests.Kit;
using static Holdfast.Node.Tests.Backups.BackedUpNode;

namespace Holdfast.Node.Tests.Backups;

/// <summary>Files that look like backups and are none, or not any more.</summary>
[SupportedOSPlatform("linux")]
public sealed class HostileBackupTests
{
    [Fact]
    public async Task A_flipped_bit_is_found_in_every_region_of_the_file()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        var good = File.ReadAllBytes(node.BackupFile);
        Assert.True(Check(node, good).IsOk);
        var regions = new HashSet<string>();
        var bit = 0;
        // Every block, at a place that moves on: headers, contents, what fills them, and the end.
        for (var at = 0; at < good.Length; at += 61)
        {
            var bad = good.ToArray();
            bad[at] ^= (byte)(1 << bit++ % 8);
            var refused = Check(node, bad);
            Assert.False(refused.IsOk, $"byte {at} of {good.Length} can be another");
            Assert.Contains(refused.Problems[0].Kind, new[] { ProblemKind.Damaged, ProblemKind.BadInput });
            regions.Add(refused.Problems[0].What);
        }

        foreach (var named in new[] { "manifest.json", "store.db", "audit/", "policy/trust.yaml", "packages/", BackupArchive.MarkEntry })
            Assert.Contains(regions, region => region.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_was_cut_or_went_on_is_refused_wherever()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        var good = File.ReadAllBytes(node.BackupFile);
        for (var length = 0; length < good.Length; length += 251)
            Assert.False(Check(node, good[..length]).IsOk, $"{length} bytes of {good.Length} are taken for all");
        Assert.False(Check(node, good[..^BackupArchive.Block]).IsOk);
        Assert.False(Check(node, [.. good, 0]).IsOk);
        Assert.False(Check(node, [.. good, .. new byte[BackupArchive.Block]]).IsOk);
        Law.Refused(Check(node, Encoding.UTF8.GetBytes(new string('x', 5000))), "backup.foreign");
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("policy/../../outside")]
    [InlineData("instances/orders-0/outside")]
    public async Task Nothing_is_written_outside_of_the_home_however_right_the_digests(string path)
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        var evil = Encoding.UTF8.GetBytes("evil");
        Forge(node, manifest => manifest with { Files = Sorted([.. manifest.Files, new(path, Hex(evil), evil.Length, "0600")]) }, evil);

        Law.Refused(await node.VerifyAsync(), "backup.path");
        Law.Refused(await node.RestoreAsync(), "backup.path");
        Assert.False(Directory.Exists(node.Other.Path));
        Assert.False(File.Exists(node["outside"]));
    }

    [Fact]
    public async Task Law01_other_content_under_right_digests_is_not_what_was_admitted()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        var evil = Encoding.UTF8.GetBytes("#!/bin/sh\nevil\n");
        Forge(node, manifest => manifest with
        {
            Files = [.. manifest.Files.Select(file => file.Path.EndsWith("files/bin/orders", StringComparison.Ordinal) ? file with { Sha256 = Hex(evil), Size = evil.Length } : file)],
        }, evil);

        Law.Refused(await node.RestoreAsync(order => order with { WithoutRefused = true }), "restore.package");
        Assert.False(Directory.Exists(node.Other.Path));
    }

    [Fact]
    public async Task Law01_a_file_too_many_or_too_few_in_a_package_is_refused()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        var evil = Encoding.UTF8.GetBytes("evil");
        var folder = BackupPaths.FolderOf(node.Package);
        var good = File.ReadAllBytes(node.BackupFile);
        Forge(node, manifest => manifest with { Files = Sorted([.. manifest.Files, new(folder + "files/lib/planted.so", Hex(evil), evil.Length, "0600")]) }, evil);
        Law.Refused(await node.RestoreAsync(), "restore.package");

        File.WriteAllBytes(node.BackupFile, good);
        Forge(node, manifest => manifest with { Files = [.. manifest.Files.Where(file => file.Path != folder + "files/bin/orders")] });
        Law.Refused(await node.RestoreAsync(), "restore.package");
        Assert.False(Directory.Exists(node.Other.Path));
    }

    [Fact]
    public async Task Another_store_or_audit_log_under_right_digests_is_not_the_one_that_is_named()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        var good = File.ReadAllBytes(node.BackupFile);
        Forge(node, manifest => manifest with { Store = manifest.Store with { Revision = manifest.Store.Revision + 1 } });
        Law.Refused(await node.RestoreAsync(), "restore.store");

        File.WriteAllBytes(node.BackupFile, good);
        Forge(node, manifest => manifest with { Audit = new(manifest.Audit.Sequence, new string('a', 64)) });
        Law.Refused(await node.RestoreAsync(), "restore.audit");

        File.WriteAllBytes(node.BackupFile, good);
        Forge(node, manifest => manifest with { Files = [.. manifest.Files.Where(file => !file.Path.EndsWith(".jsonl", StringComparison.Ordinal))] });
        Law.Refused(await node.RestoreAsync(), "restore.audit");
        Assert.False(Directory.Exists(node.Other.Path));
        Assert.Empty(node.Beside);
    }

    private static Outcome<Done> Check(BackedUpNode node, byte[] content)
    {
        File.WriteAllBytes(node["changed"], content);
        using var handle = File.OpenHandle(node["changed"]);
        return OpenBackup.Read(handle).Then(backup => backup.CheckContent(default));
    }

    /// <summary>Writes the backup anew as somebody who knows the form would, with another manifest and one content more.</summary>
    private static void Forge(BackedUpNode node, Func<BackupManifest, BackupManifest> change, byte[]? content = null)
    {
        var contents = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        BackupManifest manifest;
        using (var handle = File.OpenHandle(node.BackupFile))
        {
            var backup = Ok(OpenBackup.Read(handle));
            manifest = change(backup.Manifest);
            foreach (var file in backup.Manifest.Files) contents[file.Sha256] = backup.Content(file.Path, default)!;
        }

        if (content is not null) contents[Hex(content)] = content;
        var named = manifest.Files.Select(file => file.Sha256).ToHashSet();
        using var output = new MemoryStream();
        var document = BackupManifests.Write(manifest);
        Entry(output, BackupArchive.MarkEntry, BackupArchive.Mark(PackageDigest.Of(document)));
        Entry(output, BackupArchive.ManifestEntry, document);
        foreach (var (digest, bytes) in contents.Where(one => named.Contains(one.Key))) Entry(output, BackupArchive.BlobFolder + digest, bytes);
        output.Write(new byte[2 * BackupArchive.Block]);
        File.WriteAllBytes(node.BackupFile, output.ToArray());
    }

    private static void Entry(MemoryStream output, string name, byte[] content)
    {
        output.Write(BackupArchive.Header(name, content.Length));
        output.Write(content);
        output.Write(new byte[BackupArchive.Padding(content.Length)]);
    }

    private static BackupFile[] Sorted(IEnumerable<BackupFile> files) => [.. files.OrderBy(file => file.Path, StringComparer.Ordinal)];

    private static string Hex(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
