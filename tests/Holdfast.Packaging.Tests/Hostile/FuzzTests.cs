using Holdfast.Packaging.Content;
using Holdfast.Packaging.Layout;
using Holdfast.Packaging.Reading;
using Holdfast.Packaging.Signing;
using Holdfast.Packaging.Tests.Kit;
using Xunit.Abstractions;

namespace Holdfast.Packaging.Tests.Hostile;

/// <summary>Signed packages, broken at random. HOLDFAST_FUZZ_SEED repeats a run, HOLDFAST_FUZZ_ROUNDS lengthens it.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Law01_a_broken_package_is_refused_or_still_the_same_and_never_an_exception()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("HOLDFAST_FUZZ_SEED"), out var given) ? given : Random.Shared.Next();
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("HOLDFAST_FUZZ_ROUNDS"), out var asked) ? asked : 4000;
        output.WriteLine($"HOLDFAST_FUZZ_SEED={seed}");
        Random random = new(seed);
        var (folder, package) = SampleService.Packed();
        using var _ = folder;
        using TestAuthority authority = new();
        using var identity = authority.Issue().Identity;
        Assert.True(PackageSigner.Sign(package, identity, TestAuthority.Now).IsOk);
        var good = File.ReadAllBytes(package);
        var policy = authority.Policy();
        var digest = PackageReader.Inspect(package).Value.Digest;
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var round = 0; round < rounds; round++)
        {
            var broken = Break(good, random);
            try
            {
                using MemoryPackageBytes bytes = new(broken);
                var verified = PackageVerifier.Verify(bytes, PackageLimits.Default, policy, TestAuthority.Now);
                // What is accepted is what was signed: nothing else ever is.
                if (verified.IsOk) Assert.Equal(digest, verified.Value.Digest);
                else Assert.All(verified.Problems, p => Assert.NotEmpty(p.Rule));
            }
            catch (Exception exception) when (exception is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"HOLDFAST_FUZZ_SEED={seed}, round {round}: {exception}");
            }
        }

        var each = (GC.GetTotalAllocatedBytes(precise: true) - before) / rounds;
        Assert.True(each < 8 << 20, $"HOLDFAST_FUZZ_SEED={seed}: {each} bytes were allocated per broken package of {good.Length} bytes.");
    }

    private static byte[] Break(byte[] good, Random random)
    {
        var bytes = good.ToArray();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes = bytes[..at]; break;
                case 3: bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(1, 50))..]]; break;
                case 4: bytes = [.. bytes[..at], .. good[..random.Next(50)], .. bytes[at..]]; break;
                case 5: bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill((byte)(random.Next(2) * 255)); break;
                default:
                    var from = random.Next(good.Length);
                    var count = Math.Min(random.Next(1, 100), Math.Min(good.Length - from, bytes.Length - at));
                    good.AsSpan(from, count).CopyTo(bytes.AsSpan(at));
                    break;
            }

            if (bytes.Length == 0) return bytes;
        }

        return bytes;
    }
}
