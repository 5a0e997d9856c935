using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Packaging.Tests.Reading;

public sealed class StreamingTests
{
    [Fact]
    public void A_large_package_is_packed_signed_and_verified_without_being_loaded()
    {
        const long FileBytes = 96L << 20;
        using var folder = SampleService.Folder();
        using (var large = File.Create(folder["lib/large.bin"])) large.SetLength(FileBytes);
        using TestAuthority authority = new();
        using var identity = authority.Issue().Identity;
        SampleService.Pack(folder.Path, folder["warm.hfpkg"]);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        SampleService.Pack(folder.Path, folder["large.hfpkg"]);
        Assert.True(PackageSigner.Sign(folder["large.hfpkg"], identity, TestAuthority.Now).IsOk);
        Assert.True(PackageVerifier.Verify(folder["large.hfpkg"], authority.Policy(), TestAuthority.Now, CancellationToken.None).IsOk);

        // Counted for the whole process, other tests included, so the bound is generous: far below the content, which passed four times.
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 4 * FileBytes);
        Assert.True(new FileInfo(folder["large.hfpkg"]).Length > FileBytes);
    }

    [Fact]
    public void Law01_the_spec_inside_must_be_one_and_of_the_service_that_is_signed()
    {
        using var folder = SampleService.Folder();
        var spec = Packaging.Documents.SpecFile.Read(SampleService.Spec, "holdfast.yaml").Value;
        using TestAuthority authority = new();
        using var identity = authority.Issue().Identity;
        foreach (var (content, rule) in new[]
        {
            (SampleService.Spec.Replace("orders\nversion", "payments\nversion", StringComparison.Ordinal), "package.spec-mismatch"),
            (SampleService.Spec.Replace("1.2.3", "9.9.9", StringComparison.Ordinal), "package.spec-mismatch"),
            (SampleService.Spec + "restrat: 1\n", "spec.unknown-key"),
        })
        {
            Packaging.Building.PackageBuilder.Pack(folder.Path, System.Text.Encoding.UTF8.GetBytes(content), spec, folder["x.hfpkg"]);
            Assert.True(PackageSigner.Sign(folder["x.hfpkg"], identity, TestAuthority.Now).IsOk);
            Law.Refused(PackageVerifier.Verify(folder["x.hfpkg"], authority.Policy(), TestAuthority.Now, CancellationToken.None), rule);
        }
    }

    [Fact]
    public void A_file_that_is_no_package_or_not_there_is_a_problem()
    {
        using TempFolder folder = new();
        Law.Refused(PackageReader.Inspect(folder["gone"]), "files.not-found");
        Law.Refused(PackageReader.Inspect(folder.Write("text", "hello")), "package.truncated");
        Law.Refused(PackageReader.Inspect(folder.Write("tar.gz", [0x1F, 0x8B, .. new byte[100]])), "package.truncated");
    }
}
