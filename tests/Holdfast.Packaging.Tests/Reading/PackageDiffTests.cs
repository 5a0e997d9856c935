using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Packaging.Tests.Reading;

public sealed class PackageDiffTests
{
    [Fact]
    public void A_diff_names_every_file_that_changed_and_the_lines_of_the_spec()
    {
        using var folder = SampleService.Folder();
        SampleService.Pack(folder.Path, folder["a.hfpkg"]);
        folder.Write("config/app.json", "{\"level\":\"debug\"}\n");
        folder.Write("lib/new.txt", "new");
        File.Delete(folder["lib/empty.txt"]);
        folder.Write("holdfast.yaml", SampleService.Spec.Replace("1.2.3", "1.2.4", StringComparison.Ordinal));
        SampleService.Pack(folder.Path, folder["b.hfpkg"]);

        var difference = PackageDiff.Compare(folder["a.hfpkg"], folder["b.hfpkg"]).Value;

        Assert.False(difference.IsSame);
        Assert.Equal([("config/app.json", FileChange.Content), ("lib/empty.txt", FileChange.Removed), ("lib/new.txt", FileChange.Added)], difference.Files.Select(f => (f.Path, f.Change)));
        Assert.Equal(["…", " kind: Service", " name: orders", "-version: 1.2.3", "+version: 1.2.4", " command: [bin/orders, -v]"], difference.SpecLines);
    }

    [Fact]
    public void A_package_is_the_same_as_itself_signed()
    {
        var (folder, package) = SampleService.Packed();
        using var _ = folder;
        File.Copy(package, folder["signed.hfpkg"]);
        using TestAuthority authority = new();
        using var identity = authority.Issue().Identity;
        Packaging.Signing.PackageSigner.Sign(folder["signed.hfpkg"], identity, TestAuthority.Now);
        var difference = PackageDiff.Compare(package, folder["signed.hfpkg"]).Value;
        Assert.True(difference.IsSame);
        Assert.Empty(difference.Files);
        Assert.Empty(difference.SpecLines);
    }

    [Fact]
    public void Rights_that_changed_with_the_same_content_are_told()
    {
        using var folder = SampleService.Folder();
        SampleService.TryPack(folder, folder["a.hfpkg"], new("bin"), new("config"));
        SampleService.TryPack(folder, folder["b.hfpkg"], new("bin"), new("config", Core.Services.AccessClass.Secret));
        Assert.Equal([("config/app.json", FileChange.Rights)], PackageDiff.Compare(folder["a.hfpkg"], folder["b.hfpkg"]).Value.Files.Select(f => (f.Path, f.Change)));
    }
}
