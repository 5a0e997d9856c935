using System.Text.Json;
using System.Text.Json.Serialization;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>All that a new member of a cluster's etcd needs, in one file that is carried to its machine: keys are in it, and whoever has it can be that member.</summary>
/// <param name="Cluster">The cluster's name.</param>
/// <param name="Member">As it is to run; the program is its machine's own matter.</param>
/// <param name="Etcd">Where the members that there are answer clients.</param>
public sealed record MemberBundle(
    string ApiVersion, string Kind, string Cluster, EtcdMemberFile Member, IReadOnlyList<string> Etcd, EtcdMemberCertificates Certificates, EtcdClientCertificate Client)
{
    internal const string KindName = "EtcdMember";

    /// <summary>Problems: <c>cluster.bundle</c>.</summary>
    public static Outcome<MemberBundle> Read(string file)
    {
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(file), BundleJson.Default.MemberBundle);
            return read is { ApiVersion: ClusterFile.V1, Kind: KindName, Member: not null, Certificates: not null, Client: not null, Etcd: not null } ? read : Bad(file, "it is something else");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return Bad(file, e.Message);
        }
    }

    /// <summary>Its owner alone reads it.</summary>
    public Outcome<Done> Write(string file) => DurableFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(this, BundleJson.Default.MemberBundle));

    /// <summary>Certificates to their places, on the machine of the member.</summary>
    internal async Task<Outcome<Done>> InstallAsync(Home home, TimeProvider time, CancellationToken cancel)
    {
        var authority = new EtcdAuthority(home, time);
        var installed = await authority.InstallAsync(Certificates, cancel);
        return installed.IsOk ? await authority.InstallAsync(Client, cancel) : installed;
    }

    private static Problem Bad(string file, string why) => new(ProblemKind.BadInput, "cluster.bundle", $"{file} is no file of `holdfast cluster member add`.") { Why = why };

    /// <summary>Without the keys.</summary>
    public override string ToString() => $"{Member?.Name} of {Cluster}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(MemberBundle))]
internal sealed partial class BundleJson : JsonSerializerContext;
