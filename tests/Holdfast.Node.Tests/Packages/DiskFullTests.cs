using System.Diagnostics;
using Holdfast.Node.Packages;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;

namespace Holdfast.Node.Tests.Packages;

/// <summary>On a disk of 1 MiB. Mounting one needs rights: where they are missing, the test is skipped by name.</summary>
public sealed class DiskFullTests
{
    [MountFact]
    public async Task A_full_disk_refuses_the_package_leaves_nothing_and_takes_it_when_there_is_space()
    {
        using var source = SampleService.Folder();
        source.Write("lib/large.bin", new byte[700 << 10]);
        SampleService.Pack(source.Path, source["x.hfpkg"]);
        using TestAuthority authority = new();
        using (var identity = authority.Issue().Identity) Assert.True(PackageSigner.Sign(source["x.hfpkg"], identity, TestAuthority.Now).IsOk);
        using TempFolder root = new();
        var disk = Directory.CreateDirectory(root["disk"]).FullName;
        Assert.Equal(0, MountFactAttribute.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk));
        try
        {
            Home home = new(Path.Combine(disk, "home"));
            var store = PackageStore.Open(home, new AtNow(), FileFactsReader.ReadEntry).Value;
            var ballast = Path.Combine(disk, "ballast");
            File.WriteAllBytes(ballast, new byte[600 << 10]);
            var policy = authority.Policy();

            var refused = await store.AdmitAsync(source["x.hfpkg"], policy, default);
            Law.Refused(refused, "files.disk-full");
            Assert.Empty(Directory.EnumerateFileSystemEntries(home.Packages));

            File.Delete(ballast);
            var admitted = await store.AdmitAsync(source["x.hfpkg"], policy, default);
            Assert.True(admitted.IsOk, string.Join("; ", admitted.Problems));
            Assert.True(store.Check(admitted.Value.Digest).IsOk);
        }
        finally
        {
            Assert.Equal(0, MountFactAttribute.Run("umount", disk));
        }
    }

    private sealed class AtNow : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => TestAuthority.Now;
    }
}

/// <summary>A test that mounts a small disk.</summary>
public sealed class MountFactAttribute : FactAttribute
{
    public MountFactAttribute()
    {
        using TempFolder root = new();
        if (OperatingSystem.IsWindows() || Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", root.Path) != 0) Skip = "mounting a tmpfs needs root";
        else Run("umount", root.Path);
    }

    public static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
