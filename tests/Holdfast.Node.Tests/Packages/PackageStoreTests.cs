using System.Runtime.Versioning;
using Holdfast.Core.Packages;
using Holdfast.Core.Problems;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Packaging.Trust;
using Holdfast.Platform;

namespace Holdfast.Node.Tests.Packages;

[SupportedOSPlatform("linux")]
public sealed class PackageStoreTests : IDisposable
{
    private readonly TempFolder root = new();
    private readonly TempFolder source;
    private readonly string package;
    private readonly TestAuthority authority = new();
    private readonly Home home;
    private readonly FixedTime time = new(TestAuthority.Now);

    public PackageStoreTests()
    {
        (source, package) = SampleService.Packed();
        Sign(package);
        home = new(root["home"]);
    }

    public void Dispose()
    {
        root.Dispose();
        source.Dispose();
        authority.Dispose();
    }

    [Fact]
    public async Task Law01_an_admitted_package_lies_in_the_store_unwritable_and_passes_the_check_of_a_start()
    {
        var store = Open();
        var admitted = Ok(await store.AdmitAsync(package, authority.Policy(), default));

        Assert.Equal(("orders", "1.2.3", false), (admitted.Service, admitted.Version, admitted.Known));
        Assert.Equal(Path.Combine(home.Packages, PackageDigest.ToFolderName(admitted.Digest)), admitted.Folder);
        Assert.Equal("#!/bin/sh\nexec sleep 1000\n", File.ReadAllText(Path.Combine(admitted.FilesFolder, "bin/orders")));
        Assert.Equal(SampleService.Spec, File.ReadAllText(admitted.SpecFile));
        Assert.Equal(admitted.Digest, PackageDigest.Of(File.ReadAllBytes(Path.Combine(admitted.Folder, "manifest.json"))));
        Assert.True(File.Exists(Path.Combine(admitted.Folder, "signatures", "1.p7s")));
        Assert.Equal("555", Mode(Path.Combine(admitted.FilesFolder, "bin/orders")));
        Assert.Equal("444", Mode(Path.Combine(admitted.FilesFolder, "config/app.json")));
        Assert.Equal("555", Mode(admitted.FilesFolder));
        Assert.Equal("CN=Release One", admitted.Record.Signers.Single().Subject);
        Assert.Equal(TestAuthority.Now, admitted.Record.AdmittedAt);
        // As the supervisor does it, from the bytes on disk.
        var key = File.ReadAllBytes(Path.Combine(home.Keys, SealedDocument.KeyFile));
        Ok(Admission.Check(File.ReadAllBytes(admitted.RecordFile), key, admitted.Digest, FileFactsReader.Under(admitted.FilesFolder)));
    }

    [Fact]
    public async Task Law01_a_certificate_that_expires_overnight_blocks_no_start_and_no_new_agent()
    {
        var admitted = Ok(await Open().AdmitAsync(package, authority.Policy(), default));
        time.Now = TestAuthority.Now.AddYears(3);
        Ok(Open().Check(admitted.Digest));
        Law.Refused(await Open().AdmitAsync(package, authority.Policy(), default), "trust.expired");
    }

    [Fact]
    public async Task Law01_a_changed_file_is_found_at_the_next_start()
    {
        var store = Open();
        var admitted = Ok(await store.AdmitAsync(package, authority.Policy(), default));
        var file = Path.Combine(admitted.FilesFolder, "bin/orders");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.WriteAllText(file, "#!/bin/sh\nexec sleep 1001\n");
        File.SetLastWriteTimeUtc(file, TestAuthority.Now.UtcDateTime);
        File.SetUnixFileMode(file, (UnixFileMode)Convert.ToInt32("555", 8));

        Assert.Contains("bin/orders", Law.Refused(store.Check(admitted.Digest), "admission.changed").What, StringComparison.Ordinal);
        Law.Refused(await store.RebindAsync(admitted.Digest, default), "admission.rebind");
        // Pushed again, it is whole again.
        Assert.False(Ok(await store.AdmitAsync(package, authority.Policy(), default)).Known);
        Ok(store.Check(admitted.Digest));
    }

    [Fact]
    public async Task Law01_a_file_that_was_added_replaced_or_removed_is_found()
    {
        var store = Open();
        var admitted = Ok(await store.AdmitAsync(package, authority.Policy(), default));
        var folder = Path.Combine(admitted.FilesFolder, "lib");
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        File.WriteAllText(Path.Combine(folder, "planted.so"), "evil");
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("555", 8));
        Assert.Contains("lib", Law.Refused(store.Check(admitted.Digest), "admission.changed").What, StringComparison.Ordinal);
        Assert.Contains("planted.so", Law.Refused(await store.RebindAsync(admitted.Digest, default), "admission.rebind").What, StringComparison.Ordinal);

        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8));
        File.Delete(Path.Combine(folder, "planted.so"));
        File.Delete(Path.Combine(folder, "empty.txt"));
        Law.Refused(store.Check(admitted.Digest), "admission.missing");
        File.CreateSymbolicLink(Path.Combine(folder, "empty.txt"), "/dev/null");
        Law.Refused(store.Check(admitted.Digest), "admission.missing");
    }

    [Fact]
    public async Task A_restored_backup_is_bound_anew_when_its_content_is_right()
    {
        var store = Open();
        var admitted = Ok(await store.AdmitAsync(package, authority.Policy(), default));
        // Other inodes, other times, other modes; the same content.
        Copy(admitted.Folder, root["backup"]);
        foreach (var folder in Directory.EnumerateDirectories(admitted.Folder, "*", SearchOption.AllDirectories)) File.SetUnixFileMode(folder, FolderRights.OwnerOnly);
        Directory.Delete(admitted.Folder, recursive: true);
        Copy(root["backup"], admitted.Folder);
        Assert.False(store.Check(admitted.Digest).IsOk);

        time.Now += TimeSpan.FromHours(1);
        var rebound = Ok(await store.RebindAsync(admitted.Digest, default));

        Assert.Equal(time.Now, rebound.Record.ReboundAt);
        Assert.Equal(TestAuthority.Now, rebound.Record.AdmittedAt);
        Ok(Open().Check(admitted.Digest));
        Assert.Equal("555", Mode(Path.Combine(admitted.FilesFolder, "bin/orders")));
    }

    [Fact]
    public async Task Law11_admitting_twice_changes_nothing()
    {
        var store = Open();
        var first = Ok(await store.AdmitAsync(package, authority.Policy(), default));
        var record = File.ReadAllBytes(first.RecordFile);
        var again = Ok(await store.AdmitAsync(package, authority.Policy(), default));
        Assert.True(again.Known);
        Assert.Equal(record, File.ReadAllBytes(first.RecordFile));
        Assert.Equal([first.Digest], store.List().Select(p => p.Digest));
    }

    [Fact]
    public async Task Law01_a_refused_package_leaves_nothing_in_the_store()
    {
        var store = Open();
        SampleService.Pack(source.Path, source["unsigned.hfpkg"]);
        Law.Refused(await store.AdmitAsync(source["unsigned.hfpkg"], authority.Policy(), default), "trust.unsigned");
        var tampered = RawZip.Read(package).With(e => e.Content.AsSpan().IndexOf("sleep 1000"u8) >= 0, e => new(e.Name, [.. e.Content[..^2], 0x20, 0x0A]));
        File.WriteAllBytes(source["tampered.hfpkg"], tampered.Write());
        Law.Refused(await store.AdmitAsync(source["tampered.hfpkg"], authority.Policy(), default), "package.digest-mismatch");
        File.WriteAllBytes(source["cut.hfpkg"], File.ReadAllBytes(package)[..^100]);
        Law.Refused(await store.AdmitAsync(source["cut.hfpkg"], authority.Policy(), default), "package.truncated");
        Assert.Empty(Directory.EnumerateFileSystemEntries(home.Packages));
        Assert.Empty(store.List());
    }

    [Fact]
    public async Task Law11_what_a_crash_left_is_swept_and_never_taken_for_a_package()
    {
        var store = Open();
        var admitted = Ok(await store.AdmitAsync(package, authority.Policy(), default));
        Copy(admitted.Folder, Path.Combine(home.Packages, ".staged-x"));
        Copy(admitted.Folder, Path.Combine(home.Packages, ".removed-y"));
        File.SetUnixFileMode(Path.Combine(home.Packages, ".removed-y", "files", "lib"), (UnixFileMode)Convert.ToInt32("555", 8));
        File.WriteAllText(Path.Combine(home.Incoming, "half.hfpkg"), "x");
        Directory.CreateDirectory(Path.Combine(home.Incoming, "folder"));
        // What came in part is gone on with, for a day.
        var (young, old) = (Path.Combine(home.Incoming, "young.part"), Path.Combine(home.Incoming, "old.part"));
        File.WriteAllText(young, "x");
        File.SetLastWriteTimeUtc(young, time.GetUtcNow().AddHours(-23).UtcDateTime);
        File.WriteAllText(old, "x");
        File.SetLastWriteTimeUtc(old, time.GetUtcNow().AddHours(-25).UtcDateTime);
        var executables = Directory.CreateDirectory(Path.Combine(home.Packages, "host-executables")).FullName;
        File.WriteAllText(Path.Combine(executables, ".java.json.7-1.unfinished"), "{");

        Assert.Single(store.List());
        Ok(store.SweepIncoming());

        Assert.Empty(Directory.EnumerateFileSystemEntries(executables));
        Directory.Delete(executables);
        Assert.Equal([admitted.Folder], Directory.EnumerateFileSystemEntries(home.Packages));
        Assert.Equal([young], Directory.EnumerateFileSystemEntries(home.Incoming));
        Ok(store.Check(admitted.Digest));
    }

    [Fact]
    public async Task Collecting_removes_what_is_not_kept_and_nothing_else()
    {
        var store = Open();
        var kept = Ok(await store.AdmitAsync(package, authority.Policy(), default));
        source.Write("bin/orders", "#!/bin/sh\nexec sleep 2000\n");
        SampleService.Pack(source.Path, source["two.hfpkg"]);
        Sign(source["two.hfpkg"]);
        var old = Ok(await store.AdmitAsync(source["two.hfpkg"], authority.Policy(), default));

        Assert.Equal([old.Digest], Ok(store.Collect(new HashSet<string> { kept.Digest })));
        Assert.Equal([kept.Digest], store.List().Select(p => p.Digest));
        Assert.Equal(ProblemKind.NotFound, store.Find(old.Digest).Problems[0].Kind);
        Ok(store.Check(kept.Digest));
        Assert.Empty(Ok(store.Collect(new HashSet<string> { kept.Digest })));
    }

    [Fact]
    public async Task Collecting_spares_what_was_admitted_after_the_collector_had_looked()
    {
        var store = Open();
        var pushed = Ok(await store.AdmitAsync(package, authority.Policy(), default));

        Assert.Empty(Ok(store.Collect(new HashSet<string>(), TestAuthority.Now - TimeSpan.FromHours(1))));
        Ok(store.Check(pushed.Digest));
        Assert.Equal([pushed.Digest], Ok(store.Collect(new HashSet<string>(), TestAuthority.Now)));
    }

    [Fact]
    public async Task Law01_the_node_key_is_made_once_and_not_anew_while_records_depend_on_it()
    {
        var admitted = Ok(await Open().AdmitAsync(package, authority.Policy(), default));
        var file = Path.Combine(home.Keys, SealedDocument.KeyFile);
        Assert.Equal("600", Mode(file));
        var key = File.ReadAllBytes(file);
        Open();
        Assert.Equal(key, File.ReadAllBytes(file));
        File.WriteAllBytes(file, new byte[32]);
        Assert.Equal("admission.seal", Open().Find(admitted.Digest).Problems[0].Rule);
        File.Delete(file);
        Assert.Equal(ProblemKind.Damaged, PackageStore.Open(home, time, FileFactsReader.ReadEntry).Problems[0].Kind);
        Assert.False(File.Exists(file));
    }

    [Fact]
    public async Task Law01_a_host_executable_must_be_pinned_and_stay_what_it_was()
    {
        var store = Open();
        var tool = source.Write("tool", "#!/bin/sh\n");
        File.SetUnixFileMode(tool, (UnixFileMode)Convert.ToInt32("755", 8));
        File.CreateSymbolicLink(source["alias"], tool);
        var digest = PackageDigest.HexOf(PackageDigest.Of(File.ReadAllBytes(tool)));
        Law.Refused(await store.AdmitHostExecutableAsync(source["alias"], authority.Policy(), default), "trust.host-executable");
        Law.Refused(await store.AdmitHostExecutableAsync(source["alias"], Pin(new string('0', 64)), default), "trust.host-executable-digest");

        var record = Ok(await store.AdmitHostExecutableAsync(source["alias"], Pin(digest), default));

        Assert.Equal(tool, record.Target);
        var key = File.ReadAllBytes(Path.Combine(home.Keys, SealedDocument.KeyFile));
        var document = File.ReadAllBytes(Path.Combine(home.Packages, "host-executables", HostExecutableRecord.FileNameFor(source["alias"])));
        Ok(Check());
        File.AppendAllText(tool, "evil\n");
        Law.Refused(Check(), "admission.host-executable");
        File.Delete(source["alias"]);
        Law.Refused(Check(), "admission.host-executable");
        File.CreateSymbolicLink(source["alias"], tool);
        File.SetUnixFileMode(tool, (UnixFileMode)Convert.ToInt32("777", 8));
        Law.Refused(await store.AdmitHostExecutableAsync(source["alias"], Pin(digest), default), "trust.host-executable-writable");

        Outcome<HostExecutableRecord> Check() => HostExecutableRecord.Check(document, key, source["alias"], FileFactsReader.Resolve, FileFactsReader.ReadEntry);
        TrustPolicy Pin(string sha256) => authority.Policy($"signers: [{{service: '*'}}]\nhostExecutables: [{{path: '{source["alias"]}', sha256: '{sha256}'}}]");
    }

    [Fact]
    public async Task Two_admissions_at_once_give_one_package()
    {
        var store = Open();
        var both = await Task.WhenAll(store.AdmitAsync(package, authority.Policy(), default), store.AdmitAsync(package, authority.Policy(), default));
        Assert.Equal([false, true], both.Select(p => Ok(p).Known).Order());
        Assert.Single(Directory.EnumerateFileSystemEntries(home.Packages));
    }

    private PackageStore Open() => Ok(PackageStore.Open(home, time, FileFactsReader.ReadEntry));

    private void Sign(string file)
    {
        using var identity = authority.Issue().Identity;
        Ok(PackageSigner.Sign(file, identity, TestAuthority.Now));
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories)) Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories)) File.WriteAllBytes(Path.Combine(to, Path.GetRelativePath(from, file)), File.ReadAllBytes(file));
    }

    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private static T Ok<T>(Outcome<T> outcome)
    {
        Assert.True(outcome.IsOk, string.Join(Environment.NewLine, outcome.Problems));
        return outcome.Value;
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
