using Holdfast.Core.Clusters;
using Holdfast.Node.State;
using Holdfast.Storage.Etcd;

namespace Holdfast.Node.Clusters;

/// <summary>The etcd and its members, as decisions about its leader see them.</summary>
internal static class EtcdLeaderLook
{
    /// <summary>Asks each member how it is, where it says that it answers. Null: who the members are is not said.</summary>
    /// <param name="options">With any of the members of an etcd that nodes run.</param>
    public static async Task<EtcdLeaderWorld?> AtAsync(ClusterImage image, EtcdOptions options, TimeProvider time, CancellationToken cancel)
    {
        var listed = await EtcdStore.MembersAsync(options, time, cancel);
        if (!listed.TryGet(out var members)) return null;
        var there = members.Where(member => member.ClientUrls.Count > 0).Select(member => new Uri(member.ClientUrls[0])).ToList();
        var states = await EtcdStore.StatusAsync(options with { Endpoints = there }, time, cancel);
        return World(image, members, states);
    }

    /// <summary>The same by what members have said already: one of somebody's own etcd may not be reached where it says that it answers.</summary>
    public static async Task<EtcdLeaderWorld?> AtAsync(ClusterImage image, EtcdOptions options, IReadOnlyList<EtcdMemberState> states, TimeProvider time, CancellationToken cancel)
    {
        var listed = await EtcdStore.MembersAsync(options, time, cancel);
        return listed.TryGet(out var members) ? World(image, members, states) : null;
    }

    internal static EtcdLeaderWorld World(ClusterImage image, IReadOnlyList<EtcdVoter> members, IReadOnlyList<EtcdMemberState> states)
    {
        var answered = states.Where(state => state.Problem is null).DistinctBy(state => state.Id).ToDictionary(state => state.Id);
        var led = image.Leaders.Documents.Values.GroupBy(leader => leader.Value.Node, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        return new(answered.Values.FirstOrDefault(state => state.IsLeader)?.Id ?? 0, [.. members.Select(member => Facts(member, NodeOf(image, member), answered.GetValueOrDefault(member.Id)))], led)
        {
            IsPaused = image.IsPaused,
        };
    }

    private static EtcdMemberFacts Facts(EtcdVoter member, string? node, EtcdMemberState? state) => new(member.Id, member.Name, node)
    {
        IsLearner = member.IsLearner,
        IsHealthy = state is { HasLeader: true, Errors.Count: 0 },
        Applied = state?.Applied ?? 0,
    };

    /// <summary>A node says which member it runs. One whose agent is too old for that, and one beside a member of somebody's own etcd, is known by its address, if it is alone at it.</summary>
    private static string? NodeOf(ClusterImage image, EtcdVoter member)
    {
        var nodes = image.Nodes.Documents.Values.Select(node => node.Value).ToList();
        if (member.Name.Length > 0 && nodes.Find(node => node.EtcdMember == member.Name) is { } runs) return runs.Name;
        var hosts = member.ClientUrls.Select(url => new Uri(url).Host).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var beside = nodes.Where(node => node.EtcdMember.Length == 0 && HostOf(node) is { } host && hosts.Contains(host)).ToList();
        return beside.Count == 1 ? beside[0].Name : null;
    }

    private static string? HostOf(NodeRecord node) => Uri.TryCreate($"https://{node.Address}", UriKind.Absolute, out var address) && node.Address.Length > 0 ? address.Host : null;
}
