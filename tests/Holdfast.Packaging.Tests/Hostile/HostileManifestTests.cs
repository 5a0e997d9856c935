using System.Text;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Packaging.Tests.Hostile;

/// <summary>Well-formed archives whose manifest lies. Every digest fits: only the meaning is hostile.</summary>
public sealed class HostileManifestTests : IDisposable
{
    private readonly TempFolder folder;
    private readonly RawZip good;
    private readonly string blob;
    private readonly string manifest;

    public HostileManifestTests()
    {
        (folder, var package) = SampleService.Packed();
        good = RawZip.Read(package);
        var info = PackageReader.Inspect(package).Value;
        blob = info.Digest["sha256:".Length..];
        manifest = Encoding.UTF8.GetString(info.Manifest.Span);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_manifest_that_is_written_back_as_it_was_is_accepted()
    {
        File.WriteAllBytes(folder["same.hfpkg"], good.Rewrite(blob, manifest).Write());
        Assert.True(PackageReader.Inspect(folder["same.hfpkg"]).IsOk);
        // And one that is changed within the rules, too: so the refusals below are about what they say.
        File.WriteAllBytes(folder["other.hfpkg"], good.Rewrite(blob, manifest.Replace("lib/empty.txt", "lib/leer.txt", StringComparison.Ordinal)).Write());
        Assert.True(PackageReader.Inspect(folder["other.hfpkg"]).IsOk);
    }

    [Theory]
    [InlineData("../../etc/passwd", "leaves the package")]
    [InlineData("lib/../../x", "leaves the package")]
    [InlineData("/etc/passwd", "absolute")]
    [InlineData("C:/Windows/x", "drive")]
    [InlineData("c:x", "drive")]
    [InlineData("lib\\\\..\\\\x", "backslash")]
    [InlineData("\\\\\\\\server\\\\share", "backslash")]
    [InlineData("lib/x:stream", "colon")]
    [InlineData("lib//x", "empty name")]
    [InlineData("lib/./x", "'.'")]
    [InlineData("lib/x.", "dot or a space")]
    [InlineData("lib/x /y", "dot or a space")]
    [InlineData("lib/NUL", "device")]
    [InlineData("lib/com1.txt", "device")]
    [InlineData("lib/LPT¹", "device")]
    [InlineData("lib/conin$", "device")]
    [InlineData("lib/a*b", "Windows does not allow")]
    [InlineData("lib/a\\u0000b", "invisible")]
    [InlineData("lib/a\\u000ab", "invisible")]
    [InlineData("lib/txt.\u202Eexe", "invisible")]
    [InlineData("lib/e\u0301", "normal form")]
    public void Law01_a_path_that_means_something_else_somewhere_is_refused(string path, string why)
    {
        var problem = Law.Refused(Inspect(manifest.Replace("lib/empty.txt", path, StringComparison.Ordinal)), "package.path");
        Assert.Contains(why, problem.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Law01_a_path_without_end_is_refused() =>
        Law.Refused(Inspect(manifest.Replace("lib/empty.txt", "lib/" + new string('x', 500), StringComparison.Ordinal)), "package.path");

    [Theory]
    [InlineData("lib/empty.txt", "config/app.json", "package.duplicate-path")]
    [InlineData("lib/empty.txt", "config/APP.json", "package.path-collision")]
    [InlineData("lib/empty.txt", "config/app.json/x", "package.path-collision")]
    [InlineData("config/app.json", "Bin/ORDERS", "package.path-collision")]
    [InlineData("lib/empty.txt", "a", "package.not-canonical")]
    public void Law01_paths_that_collide_or_are_out_of_order_are_refused(string path, string by, string rule) =>
        Law.Refused(Inspect(manifest.Replace($"\"{path}\"", $"\"{by}\"", StringComparison.Ordinal)), rule);

    [Theory]
    [InlineData("\"0555\"", "\"4755\"", "package.mode")]
    [InlineData("\"0555\"", "\"0777\"", "package.mode")]
    [InlineData("\"vnd.holdfast.access\":\"code\"", "\"vnd.holdfast.access\":\"root\"", "package.access")]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":3", "package.version")]
    [InlineData("application/vnd.holdfast.package.v1+json", "application/vnd.holdfast.package.v9+json", "package.version")]
    [InlineData("application/vnd.holdfast.file.v1", "application/vnd.oci.image.layer.v1.tar+gzip", "package.version")]
    [InlineData("\"vnd.holdfast.name\":\"orders\"", "\"vnd.holdfast.name\":\"../orders\"", "package.name")]
    [InlineData("\"org.opencontainers.image.version\":\"1.2.3\"", "\"org.opencontainers.image.version\":\"../1\"", "package.version-form")]
    [InlineData(",\"schemaVersion\":2", ",\"runAsRoot\":true,\"schemaVersion\":2", "package.unknown-field")]
    [InlineData("\"vnd.holdfast.mode\":", "\"vnd.holdfast.link\":\"/etc\",\"vnd.holdfast.mode\":", "package.unknown-field")]
    [InlineData("\"vnd.holdfast.name\":", "\"vnd.holdfast.more\":\"1\",\"vnd.holdfast.name\":", "package.unknown-field")]
    [InlineData(",\"schemaVersion\":2", ", \"schemaVersion\":2", "package.not-canonical")]
    [InlineData("\"schemaVersion\":2", "\"schemaVersion\":2,\"schemaVersion\":2", "package.not-canonical")]
    [InlineData("lib/empty.txt", "lib\\u002fempty.txt", "package.not-canonical")]
    [InlineData("\"schemaVersion\":2}", "\"schemaVersion\":2}\n", "package.not-canonical")]
    [InlineData("\"schemaVersion\":2}", "\"schemaVersion\":2}{}", "package.layout")]
    [InlineData("\"schemaVersion\":2}", "\"schemaVersion\":2", "package.layout")]
    [InlineData("\"schemaVersion\":2}", "\"schemaVersion\":2e0}", "package.layout")]
    [InlineData("lib/empty.txt", "lib/\\ud800", "package.layout")]
    [InlineData("\"sha256:e3b0c4", "\"sha512:e3b0c4", "package.digest-form")]
    [InlineData("\"sha256:e3b0c4", "\"sha256:E3B0C4", "package.digest-form")]
    [InlineData("\"size\":0", "\"size\":1", "package.size-lies")]
    [InlineData("\"size\":0", "\"size\":-1", "package.size-lies")]
    [InlineData("\"size\":0", "\"size\":99999999999999", "package.size-lies")]
    [InlineData("\"layers\":[", "\"layers\":[[[[[[[[[[[[", "package.layout")]
    public void Law01_a_manifest_that_is_not_as_the_format_says_is_refused(string was, string by, string rule)
    {
        Assert.Contains(was, manifest, StringComparison.Ordinal);
        var at = manifest.LastIndexOf(was, StringComparison.Ordinal);
        Law.Refused(Inspect(manifest[..at] + by + manifest[(at + was.Length)..]), rule);
    }

    [Fact]
    public void Law01_a_deep_document_and_a_long_one_are_refused()
    {
        Law.Refused(Inspect(new string('[', 200_000)), "package.layout");
        Law.Refused(Inspect("{\"layers\":[" + string.Join(',', Enumerable.Repeat("0", 100_000)) + "]}"), "package.layout");
        Law.Refused(Inspect("\"" + new string('x', PackageLimits.Default.MaxManifestBytes) + "\""), "package.size-lies");
    }

    [Fact]
    public void Law01_a_wrong_digest_anywhere_is_refused()
    {
        using TestAuthority authority = new();
        foreach (var victim in good.Entries.Where(e => e.Content.Length > 0 && e.NameText.StartsWith("blobs/", StringComparison.Ordinal)))
        {
            var changed = victim.Content.ToArray();
            changed[^1] ^= 1;
            File.WriteAllBytes(folder["x.hfpkg"], good.With(e => e == victim, e => new(e.Name, changed)).Write());
            Law.Refused(PackageVerifier.Verify(folder["x.hfpkg"], authority.Policy(), TestAuthority.Now, CancellationToken.None), "package.digest-mismatch");
        }
    }

    private Core.Problems.Outcome<PackageInfo> Inspect(string changed)
    {
        File.WriteAllBytes(folder["hostile.hfpkg"], good.Rewrite(blob, changed).Write());
        return PackageReader.Inspect(folder["hostile.hfpkg"]);
    }
}
