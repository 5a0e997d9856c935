using Holdfast.Integration.Tests.Nodes;
using Holdfast.Testing.Storage;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>A test with machines of its own in network namespaces, and an etcd on each.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> whyNot = new(WhyNot);

    public NetworkFactAttribute() => Skip = whyNot.Value;

    /// <summary>Null: it can be done here.</summary>
    internal static string? Missing => whyNot.Value;

    private static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return "needs root on Linux: it makes network namespaces";
        if (new[] { "ip", "nsenter", "gcc" }.FirstOrDefault(program => !Programs.Has(program)) is { } missing) return $"needs {missing} (Debian: iproute2, util-linux, gcc)";
        return EtcdProcess.WhyNot() ?? Make();
    }

    /// <summary>Some containers take the right to it from root.</summary>
    private static string? Make()
    {
        var name = "hf" + Path.GetRandomFileName()[..6];
        var made = Programs.RunAsync("ip", ["netns", "add", name], "/").GetAwaiter().GetResult();
        if (made.ExitCode != 0) return $"`ip netns add` is not possible here: {made.Error.Trim()}";
        var linked = Programs.RunAsync("ip", ["-n", name, "link", "add", "b0", "type", "bridge"], "/").GetAwaiter().GetResult();
        _ = Programs.RunAsync("ip", ["netns", "delete", name], "/").GetAwaiter().GetResult();
        return linked.ExitCode == 0 ? null : $"a bridge is not possible here: {linked.Error.Trim()}";
    }
}
