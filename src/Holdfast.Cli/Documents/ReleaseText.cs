using System.Text.Json.Nodes;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>Releases, for machines and people.</summary>
internal static class ReleaseText
{
    public static JsonNode Document(Release release) => new JsonObject
    {
        ["service"] = release.Service,
        ["release"] = release.Number,
        ["version"] = release.Version,
        ["state"] = release.State,
        ["reason"] = release.Reason.Length > 0 ? release.Reason : null,
        ["packageDigest"] = release.PackageDigest,
        ["createdAt"] = Human.Stamp(release.CreatedAt),
        ["createdBy"] = release.CreatedBy,
        ["rollbackOf"] = release.RollbackOf > 0 ? release.RollbackOf : null,
        ["values"] = release.Values.Length > 0 ? release.Values : null,
        ["signers"] = new JsonArray([.. release.Signers.Select(signer => (JsonNode)signer)]),
    };

    public static string Table(IEnumerable<Release> releases)
    {
        var table = new Table("RELEASE", "VERSION", "STATE", "CREATED", "BY", "PACKAGE", "REMARK");
        foreach (var release in releases)
        {
            table.Add(
                $"{release.Number}", release.Version, release.State, Human.Time(release.CreatedAt), release.CreatedBy,
                Human.ShortDigest(release.PackageDigest), Remark(release));
        }

        return table.ToString();
    }

    private static string Remark(Release release)
    {
        var remarks = new List<string>();
        if (release.RollbackOf > 0) remarks.Add($"as release {release.RollbackOf}");
        if (release.Values.Length > 0) remarks.Add("with values");
        if (release.Reason.Length > 0) remarks.Add(release.Reason);
        return string.Join("; ", remarks);
    }
}
