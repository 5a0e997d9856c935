using Holdfast.Integration.Tests.Crash;
using Holdfast.Integration.Tests.Nodes;

namespace Holdfast.Integration.Tests.Cluster;

/// <summary>The service whose effects a <see cref="EffectSink"/> receives.</summary>
internal static class ClusterWorker
{
    /// <param name="placement">Lines of YAML below <c>placement:</c> beside its mode.</param>
    /// <param name="more">Lines of YAML of the spec.</param>
    /// <param name="hot">It waits to be promoted.</param>
    public static async Task DeployAsync(TestNode node, EffectSink sink, string name, string placement, string more, string mode, bool hot = false)
    {
        var worker = await NativeParts.WorkerAsync();
        var folder = new ServiceFolder(node, name);
        var lines = string.Join('\n', new[] { $"  mode: {mode}" }.Concat(placement.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => "  " + line.Trim())));
        folder.WriteSpec($$"""
            apiVersion: holdfast/v1
            kind: Service
            name: {{name}}
            version: 1.0.0
            command: [worker, {{sink.Address}}, "{{sink.Port}}", "{{name}}"{{(hot ? ", hot" : "")}}]
            placement:
            {{lines}}
            {{(hot ? "ready: notify" : "")}}
            {{more}}
            """);
        File.Copy(worker, Path.Combine(node.Work, name, "worker"), overwrite: true);
        (await folder.DeployAsync()).Ok();
    }
}
