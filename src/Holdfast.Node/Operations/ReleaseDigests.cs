using System.Security.Cryptography;
using System.Text;
using Holdfast.Core.Operations;

namespace Holdfast.Node.Operations;

/// <summary>What a change of a service is made from and to, for the record: the package's digest, which covers the spec, and the digest of the values.</summary>
internal static class ReleaseDigests
{
    private const string None = "none";

    /// <summary>Of the release that is acted on; null: there is none.</summary>
    public static IReadOnlyDictionary<string, string> Of(ReleaseRecord? release) => release is null ? new Dictionary<string, string>() : new Dictionary<string, string>
    {
        ["release"] = $"{release.Number}",
        ["package"] = release.PackageDigest,
        ["values"] = Values(release),
    };

    /// <param name="before">The release that was wanted so far; null: the service is new.</param>
    /// <param name="after">The one that is wanted now.</param>
    public static IReadOnlyDictionary<string, string> Between(ReleaseRecord? before, ReleaseRecord after) => new Dictionary<string, string>(Of(after))
    {
        ["releaseBefore"] = before is null ? None : $"{before.Number}",
        ["packageBefore"] = before?.PackageDigest ?? None,
        ["valuesBefore"] = before is null ? None : Values(before),
    };

    private static string Values(ReleaseRecord release) => release.Values.Length == 0 ? None : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(release.Values)));
}
