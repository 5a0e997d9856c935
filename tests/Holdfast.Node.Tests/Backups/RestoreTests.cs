using System.Runtime.Versioning;
using Holdfast.Core.Auditing;
using Holdfast.Core.Backups;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Node.State;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Storage.Sqlite;
using Holdfast.Telemetry.Auditing;
using static Holdfast.Node.Tests.Backups.BackedUpNode;

namespace Holdfast.Node.Tests.Backups;

[SupportedOSPlatform("linux")]
public sealed class RestoreTests
{
    [Fact]
    public async Task A_restored_home_is_the_node_as_it_was_and_another_store()
    {
        using var node = await CreateAsync();
        var receipt = await node.BackupAsync();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(node.BackupFile));
        Assert.Empty(receipt.Warnings);
        Assert.Equal(receipt.Digest, Ok(await node.VerifyAsync(receipt.Digest)).Digest);

        var restored = Ok(await node.RestoreAsync());

        Assert.Equal(["orders"], restored.Services);
        Assert.Equal((2, null), (restored.Incarnation, restored.MovedAside));
        Assert.Empty(restored.Warnings);
        Assert.Empty(node.Beside);
        Assert.Equal("the key of a person\n", File.ReadAllText(Path.Combine(node.Other.Keys, "signing.key")));
        Assert.Equal(DurableFile.OwnerOnly, File.GetUnixFileMode(Path.Combine(node.Other.Keys, "signing.key")));
        Assert.Equal(File.ReadAllText(node.Home.TrustPolicy), File.ReadAllText(node.Other.TrustPolicy));
        Ok(Ok(PackageStore.Open(node.Other, node.Clock, FileFactsReader.ReadEntry)).Check(node.Package));
        await using var store = Ok(SqliteStore.Open(node.Other.Store, new() { SyncFolder = DurableFolder.Sync }, node.Clock));
        Assert.NotEqual(receipt.Manifest.Store.ClusterId, store.Identity.ClusterId);
        Assert.Equal("orders", Assert.Single(Ok(await new ServiceCatalog(store, node.Clock).ListAsync(default)).Entries).Service.Value.Name);
    }

    [Fact]
    public async Task Law07_backup_and_restore_are_in_the_record_and_the_chain_goes_on()
    {
        using var node = await CreateAsync();
        var receipt = await node.BackupAsync();
        Ok(await node.RestoreAsync());

        Assert.True(Ok(AuditVerifier.Verify(node.Other.Audit, [new(receipt.Manifest.Audit.Sequence, receipt.Manifest.Audit.Hash)], default)).Whole);
        var entries = AuditReader.Read(node.Other.Audit, new()).ToList();
        Assert.Equal(
            [("deploy", AuditOutcome.Intended), ("backup", AuditOutcome.Intended), ("backup", AuditOutcome.Done), ("restore", AuditOutcome.Intended), ("restore", AuditOutcome.Done)],
            entries.Where(entry => entry.Target != "audit").Select(entry => (entry.Action, entry.Outcome)));
        var restore = entries.Last(entry => entry.Action == "restore");
        Assert.Equal(("bob", "node-1", receipt.Digest, node.BackupFile), (restore.Actor, restore.Target, restore.Details["backup"], restore.Details["file"]));
        // In the log that goes on, the backup's outcome is its own.
        Assert.Equal(receipt.Digest, AuditReader.Read(node.Home.Audit, new()).Last(entry => entry is { Action: "backup", Outcome: AuditOutcome.Done }).Details["backup"]);
    }

    [Fact]
    public async Task A_home_that_is_there_is_refused_or_moved_aside_and_its_store_never_comes_again()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        Assert.Equal(2, Ok(await node.RestoreAsync()).Incarnation);
        Assert.Equal(ProblemKind.Conflict, Law.Refused(await node.RestoreAsync(), "restore.home-exists").Kind);
        File.WriteAllText(Path.Combine(node.Other.Path, "mine"), "x");

        var again = Ok(await node.RestoreAsync(order => order with { MoveAside = true }));

        Assert.Equal(3, again.Incarnation);
        Assert.Equal("x", File.ReadAllText(Path.Combine(again.MovedAside!, "mine")));
        Assert.False(File.Exists(Path.Combine(node.Other.Path, "mine")));
        Assert.Equal([Path.GetFileName(again.MovedAside)], node.Beside);
    }

    [Theory]
    [InlineData("agent.lock")]
    [InlineData("supervisor/lock")]
    [InlineData("supervisor/guard.lock")]
    [InlineData("supervisors/orders/lock")]
    public async Task A_home_in_which_something_of_ours_runs_is_left_alone(string name)
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        Ok(await node.RestoreAsync());
        var store = File.ReadAllBytes(node.Other.Store);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(node.Other.Path, name))!);
        using (Ok(FileLock.TryTake(Path.Combine(node.Other.Path, name), node.Clock)))
            Assert.Contains($"{Environment.ProcessId}", Law.Refused(await node.RestoreAsync(order => order with { MoveAside = true }), "restore.in-use").Why, StringComparison.Ordinal);

        Assert.Equal(store, File.ReadAllBytes(node.Other.Store));
        Assert.Empty(node.Beside);
    }

    [Fact]
    public async Task An_empty_folder_is_no_home_yet()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        Directory.CreateDirectory(node.Other.Path);

        Assert.Null(Ok(await node.RestoreAsync()).MovedAside);
    }

    [Fact]
    public async Task Law11_what_a_killed_restore_left_is_removed_by_the_next_one_and_two_at_once_are_one()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        Directory.CreateDirectory(node["restored.restoring/home/packages"]);
        File.WriteAllText(node["restored.restoring/home/packages/half"], "x");
        File.WriteAllText(node["restored.restoring/store.db"], "half");
        using (Ok(FileLock.TryTake(node["restored.restoring/lock"], node.Clock)))
            Law.Refused(await node.RestoreAsync(), "lock.held");
        Assert.True(File.Exists(node["restored.restoring/store.db"]));

        Ok(await node.RestoreAsync());

        Assert.False(File.Exists(Path.Combine(node.Other.Packages, "half")));
        Assert.Empty(node.Beside);
    }

    [Fact]
    public async Task Another_backup_than_the_noted_one_is_refused()
    {
        using var node = await CreateAsync();
        var noted = await node.BackupAsync(node["first.hfbackup"]);
        await node.BackupAsync();

        Law.Refused(await node.VerifyAsync(noted.Digest), "backup.not-expected");
        Law.Refused(await node.RestoreAsync(order => order with { Expected = noted.Digest }), "backup.not-expected");
        Assert.False(Directory.Exists(node.Other.Path));
    }

    [Fact]
    public async Task Law01_what_the_policy_refuses_by_now_is_said_refused_and_left_out_on_request()
    {
        using var node = await CreateAsync();
        node.WritePolicy($"revoked: {{packages: ['{node.Package}']}}");
        Assert.Contains(node.Package, Assert.Single((await node.BackupAsync()).Warnings), StringComparison.Ordinal);

        Law.Refused(await node.VerifyAsync(), "trust.package-revoked");
        Assert.Contains("--without-refused", Law.Refused(await node.RestoreAsync(), "trust.package-revoked").Mend, StringComparison.Ordinal);
        Assert.False(Directory.Exists(node.Other.Path));
        var restored = Ok(await node.RestoreAsync(order => order with { WithoutRefused = true }));

        Assert.Contains(restored.Warnings, warning => warning.Contains(node.Package, StringComparison.Ordinal));
        Assert.Equal(["orders"], restored.Services);
        Assert.Equal("package.not-here", Ok(PackageStore.Open(node.Other, node.Clock, FileFactsReader.ReadEntry)).Find(node.Package).Problems[0].Rule);
    }

    [Fact]
    public async Task Law01_a_certificate_that_has_expired_since_blocks_no_restore()
    {
        using var node = await CreateAsync();
        await node.BackupAsync();
        node.Clock.StepWall(TimeSpan.FromDays(3 * 366));

        Assert.Empty(Ok(await node.RestoreAsync()).Warnings);
    }

    [Fact]
    public async Task A_package_that_is_not_whole_is_missing_by_name_and_hinders_nothing_else()
    {
        using var node = await CreateAsync();
        var file = Path.Combine(node.Home.Packages, Core.Packages.PackageDigest.ToFolderName(node.Package), "files", "bin", "orders");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.AppendAllText(file, "evil");
        Assert.Contains(node.Package, Assert.Single((await node.BackupAsync()).Warnings), StringComparison.Ordinal);

        var restored = Ok(await node.RestoreAsync());

        Assert.Contains(restored.Warnings, warning => warning.Contains(node.Package, StringComparison.Ordinal));
        Assert.Equal(["orders"], restored.Services);
    }

    [Fact]
    public async Task A_broken_audit_chain_is_said_before_it_is_backed_up()
    {
        using var node = await CreateAsync();
        var log = Directory.GetFiles(node.Home.Audit, "*.jsonl").Single();
        File.WriteAllText(log, File.ReadAllText(log).Replace("alice", "mallo", StringComparison.Ordinal));
        using var target = Ok(Node.Backups.BackupTarget.Open(node.BackupFile));

        var refused = await Node.Backups.LocalBackup.RunAsync(node.Home, "alice", target.WriteAsync, (_, _) => Task.CompletedTask, node.Clock, default);

        Assert.Contains(refused.Problems, problem => problem.Rule is "backup.audit-broken" or "audit.damaged");
    }

    [Fact]
    public async Task A_name_that_cannot_be_restored_everywhere_is_said_when_it_is_backed_up()
    {
        using var node = await CreateAsync();
        File.WriteAllText(Path.Combine(node.Home.Policy, "a:b.pem"), "x");
        using var target = Ok(Node.Backups.BackupTarget.Open(node.BackupFile));

        var refused = await Node.Backups.LocalBackup.RunAsync(node.Home, "alice", target.WriteAsync, (_, _) => Task.CompletedTask, node.Clock, default);

        Assert.Contains("policy/a:b.pem", Law.Refused(refused, "backup.name").What, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(node.Home.Incoming));
    }

    [Fact]
    public async Task A_target_is_never_overwritten_and_what_was_left_unfinished_is_swept()
    {
        using var node = await CreateAsync();
        File.WriteAllText(node[".node.hfbackup.abc.unfinished"], "half");
        File.WriteAllText(node[".other.hfbackup.abc.unfinished"], "another's");
        using (var first = Ok(Node.Backups.BackupTarget.Open(node.BackupFile)))
        {
            // One that is being written is not swept.
            using var second = Ok(Node.Backups.BackupTarget.Open(node.BackupFile));
            Assert.Equal(2, Directory.EnumerateFiles(node[""], ".node.*").Count());
        }

        Assert.Empty(Directory.EnumerateFiles(node[""], ".node.*"));
        Assert.True(File.Exists(node[".other.hfbackup.abc.unfinished"]));
        await node.BackupAsync();
        Law.Refused(Node.Backups.BackupTarget.Open(node.BackupFile), "backup.exists");
        Law.Refused(Node.Backups.BackupTarget.Open(node["no/such/folder/x"]), "files.not-found");
    }

    [Fact]
    public async Task What_is_held_is_not_collected()
    {
        using var node = await CreateAsync();
        var packages = Ok(PackageStore.Open(node.Home, node.Clock, FileFactsReader.ReadEntry));
        using (packages.Hold(new HashSet<string> { node.Package }))
            Assert.Empty(Ok(packages.Collect(new HashSet<string>())));

        Assert.Equal([node.Package], Ok(packages.Collect(new HashSet<string>())));
    }
}
