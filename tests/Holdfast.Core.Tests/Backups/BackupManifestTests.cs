using System.Text;
using Holdfast.Core.Backups;
using Holdfast.Core.Problems;

namespace Holdfast.Core.Tests.Backups;

public sealed class BackupManifestTests
{
    private static readonly string Hex = new('0', 64);

    private static readonly BackupManifest Good = Of("audit/000000000001-20260601.jsonl", "audit/head", "keys/node.key", $"packages/sha256-{Hex}/files/bin/run", "policy/trust.yaml", "store.db");

    [Fact]
    public void A_manifest_is_read_as_it_was_written()
    {
        var read = BackupManifests.Read(BackupManifests.Write(Good)).Value;

        Assert.Equal(Good.Files, read.Files);
        Assert.Equal((Good.Node, Good.CreatedAt, Good.Store, Good.Audit), (read.Node, read.CreatedAt, read.Store, read.Audit));
    }

    [Theory]
    [InlineData("../agent.lock")]
    [InlineData("/etc/passwd")]
    [InlineData("keys/../../x")]
    [InlineData("keys/..")]
    [InlineData("policy/a\\..\\..\\x")]
    [InlineData("audit/../store.db")]
    [InlineData("audit/notes.txt")]
    [InlineData("audit/000/1.jsonl")]
    [InlineData("packages/host-executables/x.json")]
    [InlineData("packages/sha256-1/files/x")]
    [InlineData("packages/sha256-0000000000000000000000000000000000000000000000000000000000000000/files/../../../x")]
    [InlineData("packages/sha256-0000000000000000000000000000000000000000000000000000000000000000/signatures/x.p7s")]
    [InlineData("packages/sha256-0000000000000000000000000000000000000000000000000000000000000000/more.txt")]
    [InlineData("instances/orders-0/data")]
    [InlineData("run/api.sock")]
    [InlineData("store.db.identity")]
    [InlineData("store.db-wal")]
    [InlineData("")]
    public void A_path_that_no_backup_has_is_refused(string path)
    {
        var manifest = Good with { Files = [.. Good.Files.Append(File(path)).OrderBy(file => file.Path, StringComparer.Ordinal)] };

        Assert.Contains(Refused(BackupManifests.Write(manifest)), problem => problem.Rule == "backup.path" && problem.What.Contains($"'{path}'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_is_there_once_in_its_place_and_is_no_folder()
    {
        Assert.Contains(Refused(BackupManifests.Write(Of("audit/head", "audit/head", "store.db"))), problem => problem.What.Contains("audit/head", StringComparison.Ordinal));
        Assert.Contains(Refused(BackupManifests.Write(Of("store.db", "audit/head"))), problem => problem.What.Contains("audit/head", StringComparison.Ordinal));
        Assert.Contains(Refused(BackupManifests.Write(Of("audit/head", "keys/a", "keys/a/b", "store.db"))), problem => problem.What.Contains("'keys/a'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("store.db")]
    [InlineData("audit/head")]
    public void Without_store_and_audit_head_it_is_none(string path) =>
        Assert.Contains(Refused(BackupManifests.Write(Good with { Files = [.. Good.Files.Where(file => file.Path != path)] })), problem => problem.What.Contains(path, StringComparison.Ordinal));

    [Fact]
    public void A_later_form_says_which_version_reads_it()
    {
        var problem = Assert.Single(Refused("{\"format\":2,\"product\":\"9.0.0\",\"news\":{}}"u8));

        Assert.Equal((ProblemKind.Refused, "backup.version"), (problem.Kind, problem.Rule));
        Assert.Contains("9.0.0", problem.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"node\":", "\"more\":1,\"node\":")]
    [InlineData("\"node\":", " \"node\":")]
    [InlineData("\"mode\":\"0600\"", "\"mode\":\"4755\"")]
    [InlineData("\"size\":1", "\"size\":-1")]
    [InlineData("\"missing\":[]", "\"missing\":null")]
    [InlineData("\"missing\":[]", "\"missing\":[\"x\"]")]
    [InlineData("{\"format\"", "[{\"format\"")]
    public void What_is_written_in_another_way_is_refused(string from, string to)
    {
        var text = Encoding.UTF8.GetString(BackupManifests.Write(Good));
        var changed = text.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(text, changed);

        Assert.NotEmpty(Refused(Encoding.UTF8.GetBytes(changed)));
    }

    private static IReadOnlyList<Problem> Refused(ReadOnlySpan<byte> bytes)
    {
        var read = BackupManifests.Read(bytes);
        Assert.False(read.IsOk, "It was read.");
        return read.Problems;
    }

    private static BackupFile File(string path) => new(path, Hex, 1, "0600");

    private static BackupManifest Of(params string[] paths) => new()
    {
        Format = 1,
        Product = "1.2.3",
        Node = "node-1",
        CreatedAt = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero),
        CreatedBy = "alice",
        Operation = "1",
        Store = new("cafe", 1, 42),
        Audit = new(7, Hex),
        Missing = [],
        Files = [.. paths.Select(File)],
    };
}
