using System.Runtime.Versioning;
using Holdfast.Core.Auditing;
using Holdfast.Core.Operations;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Backups;
using Holdfast.Node.Hosting;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;
using Holdfast.Testing.Clocks;

namespace Holdfast.Node.Tests.Backups;

/// <summary>A home as an agent leaves it, with one service, and places to restore it to.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BackedUpNode : IDisposable
{
    private readonly TempFolder root = new();
    private readonly TestAuthority authority = new();

    private BackedUpNode()
    {
        Home = new(root["home"]);
        Ok(HomeFolders.Ensure(Home));
        File.Copy(authority.RootFile, Path.Combine(Home.Policy, "root.pem"));
        WritePolicy();
        File.WriteAllText(Path.Combine(Home.Keys, "signing.key"), "the key of a person\n");
        File.SetUnixFileMode(Path.Combine(Home.Keys, "signing.key"), DurableFile.OwnerOnly);
    }

    public ManualClock Clock { get; } = new(TestAuthority.Now);

    public Home Home { get; }

    public string Package { get; private set; } = "";

    public string BackupFile => root["node.hfbackup"];

    public Home Other => new(root["restored"]);

    public string this[string name] => root[name];

    public static async Task<BackedUpNode> CreateAsync()
    {
        var node = new BackedUpNode();
        var packages = Ok(PackageStore.Open(node.Home, node.Clock, FileFactsReader.ReadEntry));
        var (source, file) = SampleService.Packed();
        using (source)
        using (var identity = node.authority.Issue().Identity)
        {
            Ok(PackageSigner.Sign(file, identity, TestAuthority.Now));
            node.Package = Ok(await packages.AdmitAsync(file, Ok(TrustPolicy.Load(node.Home.TrustPolicy)), default)).Digest;
        }

        using (var log = Ok(AuditLog.Open(node.Home.Audit, AuditRedaction.Options("node-1"), node.Clock)))
            Ok(log.Append(new() { Actor = "alice", Action = "deploy", Target = "orders", Outcome = AuditOutcome.Intended, Operation = "op-1" }));
        await using var store = Ok(SqliteStore.Create(node.Home.Store, new() { SyncFolder = DurableFolder.Sync }, node.Clock));
        Assert.True(Ok(await new ServiceCatalog(store, node.Clock).CommitAsync(node.Deployed(), default)));
        return node;
    }

    public void WritePolicy(string more = "") => File.WriteAllText(
        Home.TrustPolicy, $"apiVersion: holdfast/v1\nkind: TrustPolicy\nroots: [{{file: root.pem}}]\nsigners: [{{service: '*'}}]\n{more}");

    public async Task<BackupReceipt> BackupAsync(string? file = null)
    {
        using var target = Ok(BackupTarget.Open(file ?? BackupFile));
        var receipt = Ok(await LocalBackup.RunAsync(Home, "alice", target.WriteAsync, (_, _) => Task.CompletedTask, Clock, default));
        Ok(target.Publish(receipt.Digest, default));
        return receipt;
    }

    public Task<Outcome<BackupReceipt>> VerifyAsync(string? expected = null) => NodeRestore.VerifyAsync(BackupFile, expected, Clock, default);

    public Task<Outcome<RestoreReceipt>> RestoreAsync(Func<RestoreOrder, RestoreOrder>? change = null)
    {
        var order = new RestoreOrder { File = BackupFile, Home = Other, Actor = "bob" };
        return NodeRestore.RunAsync(change?.Invoke(order) ?? order, (_, _) => { }, Clock, default);
    }

    /// <summary>What stands beside the restored home's place: a restore that is over leaves nothing.</summary>
    public IEnumerable<string> Beside => Directory.EnumerateFileSystemEntries(root.Path, "restored.*").Select(path => Path.GetFileName(path)).Where(name => name != "restored");

    public static T Ok<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.IsOk, string.Join(Environment.NewLine, outcome.Problems));
        return outcome.Value;
    }

    public void Dispose()
    {
        root.Dispose();
        authority.Dispose();
    }

    private CatalogChange Deployed()
    {
        var service = new ServiceRecord { Name = "orders", Release = 1, LastRelease = 1, Run = RunState.Running, Incarnation = 1, Operation = "op-1" };
        var release = new ReleaseRecord { Service = "orders", Number = 1, Version = "1.2.3", PackageDigest = Package, CreatedAt = Clock.GetUtcNow(), CreatedBy = "alice", State = ReleaseState.Current };
        var operation = new Operation { Id = "op-1", Action = OperationAction.Deploy, Service = "orders", Actor = "alice", StartedAt = Clock.GetUtcNow(), Release = 1 };
        return new CatalogChange().Put(service, 0).Put(release, 0).Put(operation, 0);
    }
}
