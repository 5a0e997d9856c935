using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Cli.Tests.Fakes;
using Holdfast.Core.Backups;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Platform;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Tests.Commands;

/// <summary>A backup through an agent: the file appears when all of it has come and is what was said.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly byte[] archive;
    private readonly BackupSummary summary;
    private FakeAgent agent = null!;
    private FileLock held = null!;

    public BackupTests()
    {
        (archive, var manifest) = Archive();
        summary = new BackupSummary
        {
            Digest = PackageDigest.Of(BackupManifests.Write(manifest)), Node = "node-1", CreatedAt = Timestamp.FromDateTimeOffset(FixedTime.Now), CreatedBy = "alice", Version = "1.2.3",
            Bytes = archive.Length, StoreRevision = 42, AuditSequence = 7, AuditHead = new string('0', 64), Packages = 1, Files = 2, Warnings = { "One package is missing." },
        };
    }

    private string Target => Path.Combine(agent.Home.Path, "node.hfbackup");

    public async Task InitializeAsync()
    {
        agent = await FakeAgent.StartAsync();
        await File.WriteAllTextAsync(agent.Home.Store, "a store");
        held = FileLock.TryTake(agent.Home.AgentLock, TimeProvider.System).Value;
        agent.Node.Backed.Add(new() { Progress = new() { Step = "taken", Message = "store at revision 42" } });
        foreach (var chunk in archive.Chunk(1000)) agent.Node.Backed.Add(new() { Chunk = ByteString.CopyFrom(chunk) });
    }

    public async Task DisposeAsync()
    {
        held.Dispose();
        await agent.DisposeAsync();
    }

    [Theory]
    [InlineData("backup.txt")]
    [InlineData("backup.json", "-o", "json")]
    public async Task What_was_made_is_shown_for_people_and_machines(string golden, params string[] options)
    {
        agent.Node.Backed.Add(new() { Summary = summary });

        var run = await Run.Against(agent, ["backup", "node.hfbackup", .. options]);

        Assert.Equal((ExitCode.Ok, "taken         store at revision 42\nverifying     what was written\nwarning: One package is missing.\n"), (run.Code, run.Error));
        Golden.Check(golden, run.Out.Replace(agent.Home.Path, "HOME", StringComparison.Ordinal));
        Assert.Equal(archive, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Without_the_last_word_there_is_no_backup()
    {
        var run = await Run.Against(agent, "backup", "node.hfbackup");

        Assert.Equal(ExitCode.Unavailable, run.Code);
        Assert.EndsWith("[backup.unfinished]\n", run.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(agent.Home.Path, "*node.hfbackup*"));
    }

    [Fact]
    public async Task What_came_is_read_back_before_it_gets_its_name()
    {
        var last = agent.Node.Backed[^2].Chunk.ToByteArray();
        last[0] ^= 1;
        agent.Node.Backed[^2].Chunk = ByteString.CopyFrom(last);
        agent.Node.Backed.Add(new() { Summary = summary });

        var run = await Run.Against(agent, "backup", "node.hfbackup");

        Assert.Equal((ExitCode.Damaged, ""), (run.Code, run.Out));
        Assert.Empty(Directory.EnumerateFiles(agent.Home.Path, "*node.hfbackup*"));
    }

    private static (byte[] Archive, BackupManifest Manifest) Archive()
    {
        byte[][] contents = [[.. Enumerable.Repeat((byte)1, 3000)], [2, 2]];
        var digests = contents.ToDictionary(content => Convert.ToHexStringLower(SHA256.HashData(content)), content => content);
        var manifest = new BackupManifest
        {
            Format = BackupManifests.Format, Product = "1.2.3", Node = "node-1", CreatedAt = FixedTime.Now, CreatedBy = "alice", Operation = "1",
            Store = new("cafe", 1, 42), Audit = new(7, new string('0', 64)), Missing = [],
            Files = [.. new[] { "audit/head", "store.db" }.Zip(digests, (path, one) => new BackupFile(path, one.Key, one.Value.Length, "0600"))],
        };
        using var output = new MemoryStream();
        var document = BackupManifests.Write(manifest);
        Entry(output, BackupArchive.MarkEntry, BackupArchive.Mark(PackageDigest.Of(document)));
        Entry(output, BackupArchive.ManifestEntry, document);
        foreach (var (digest, content) in digests.OrderBy(one => one.Key, StringComparer.Ordinal)) Entry(output, BackupArchive.BlobFolder + digest, content);
        output.Write(new byte[2 * BackupArchive.Block]);
        return (output.ToArray(), manifest);
    }

    private static void Entry(MemoryStream output, string name, byte[] content)
    {
        output.Write(BackupArchive.Header(name, content.Length));
        output.Write(content);
        output.Write(new byte[BackupArchive.Padding(content.Length)]);
    }
}
