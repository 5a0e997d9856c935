using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Holdfast.Packaging.Building;
using Holdfast.Packaging.Documents;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Tests.Kit;

namespace Holdfast.Packaging.Tests.Building;

public sealed class PackingProperties
{
    private static readonly string[] Names = ["a", "b1", "füß", "数据", "x y", "UP", "d.e", "-m", "z~", "é"];

    private static Gen<(string Path, byte[] Content)> File =>
        from depth in Gen.Choose(1, 4)
        from names in Gen.ArrayOf(Gen.Elements(Names), depth)
        from suffix in Gen.Choose(0, 999)
        from content in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>())
        select (string.Join('/', names) + suffix, content);

    [Fact]
    public void What_is_packed_is_what_is_read_whatever_order_it_was_created_in()
    {
        Prop.ForAll(Gen.ListOf(File).ToArbitrary(), files =>
        {
            var distinct = files.DistinctBy(f => f.Path, StringComparer.OrdinalIgnoreCase).Where(f => !files.Any(o => o.Path.StartsWith(f.Path + "/", StringComparison.OrdinalIgnoreCase))).ToList();
            using TempFolder one = new();
            using TempFolder two = new();
            foreach (var (path, content) in distinct) one.Write("in/" + path, content);
            foreach (var (path, content) in distinct.AsEnumerable().Reverse()) two.Write("in/" + path, content);
            const string Spec = "apiVersion: holdfast/v1\nkind: Service\nname: any\ncommand: /bin/true\n";
            var spec = SpecFile.Read(Spec, "holdfast.yaml").Value;
            Directory.CreateDirectory(one["in"]);
            Directory.CreateDirectory(two["in"]);
            var first = PackageBuilder.Pack(one["in"], Encoding.UTF8.GetBytes(Spec), spec, one["x.hfpkg"]);
            if (!first.IsOk) return; // Folders that differ in their case only, by chance: refused, which another test shows.
            PackageBuilder.Pack(two["in"], Encoding.UTF8.GetBytes(Spec), spec, two["x.hfpkg"]);

            Assert.Equal(System.IO.File.ReadAllBytes(one["x.hfpkg"]), System.IO.File.ReadAllBytes(two["x.hfpkg"]));
            var info = PackageReader.Inspect(one["x.hfpkg"]).Value;
            Assert.Equal(distinct.Select(f => f.Path).Order(StringComparer.Ordinal), info.Files.Select(f => f.Path));
            Assert.Equal(Spec, Encoding.UTF8.GetString(info.Spec.Span));
            using TestAuthority authority = new();
            using var identity = authority.Issue().Identity;
            Packaging.Signing.PackageSigner.Sign(one["x.hfpkg"], identity, TestAuthority.Now);
            Dictionary<string, MemoryStream> unpacked = [];
            var verified = PackageVerifier.Unpack(one["x.hfpkg"], authority.Policy(), TestAuthority.Now, f =>
            {
                lock (unpacked) return unpacked[f.Path] = new MemoryStream();
            }, CancellationToken.None);
            Assert.True(verified.IsOk, string.Join("; ", verified.Problems));
            foreach (var (path, content) in distinct) Assert.Equal(content, unpacked[path].ToArray());
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }
}
