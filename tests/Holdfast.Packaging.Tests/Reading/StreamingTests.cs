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
        const long Bound = 16L << 20;
        using var folder = SampleService.Folder();
        using (var large = File.Create(folder["lib/large.bin"])) large.SetLength(FileBytes);
        using TestAuthority authority = new();
        using var identity = authority.Issue().Identity;
        var policy = authority.Policy();

        // Packing and signing run on this thread: what they allocate is counted exactly, whatever other tests do.
        Assert.InRange(Allocated(() => SampleService.Pack(folder.Path, folder["large.hfpkg"])), 0, Bound);
        Assert.InRange(Allocated(() => Assert.True(PackageSigner.Sign(folder["large.hfpkg"], identity, TestAuthority.Now).IsOk)), 0, Bound);

        // Verifying runs on several: there the pieces are measured that it hands out.
        Measure measure = new();
        Assert.True(PackageVerifier.Unpack(folder["large.hfpkg"], policy, TestAuthority.Now, f => f.Path == "lib/large.bin" ? measure : new MemoryStream(), CancellationToken.None).IsOk);
        Assert.Equal(FileBytes, measure.Total);
        Assert.InRange(measure.Largest, 1, 1 << 20);
    }

    private static long Allocated(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed class Measure : MemoryStream
    {
        public long Total { get; private set; }

        public int Largest { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Total += buffer.Length;
            Largest = Math.Max(Largest, buffer.Length);
        }
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
