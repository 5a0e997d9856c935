using System.Text;
using Holdfast.Cli.Output;
using Holdfast.Rpc.V1;

namespace Holdfast.Cli.Documents;

/// <summary>Instances for people: a table, and below it a line for each that is not as it should be.</summary>
internal static class InstanceTable
{
    private static readonly string[] Plain = ["SERVICE", "RELEASE", "INSTANCE", "STATE", "HEALTH", "PID", "UPTIME", "RESTARTS", "CPU", "MEM"];
    private static readonly string[] Wide = [.. Plain, "VERSION", "NODE", "PORTS", "PROCS", "CONTAINMENT", "SUPERVISOR", "PACKAGE", "REASON"];

    /// <param name="nodes">They are of several nodes: which one comes first in each row.</param>
    public static string Of(IReadOnlyList<Instance> instances, bool wide, bool nodes, DateTimeOffset now)
    {
        string[] headers = wide ? Wide : Plain;
        var table = new Table(nodes ? ["ON", .. headers] : headers);
        foreach (var instance in instances)
        {
            string[] cells = wide ? [.. Cells(instance, now), .. MoreCells(instance)] : Cells(instance, now);
            table.Add(nodes ? [instance.Node, .. cells] : cells);
        }

        return table + Remarks(instances, wide, now);
    }

    private static string[] Cells(Instance instance, DateTimeOffset now) =>
    [
        instance.Service,
        $"{instance.Release}",
        instance.Instance_,
        instance is { StandsBy: true, State: "running" } ? "standby" : instance.State,
        instance.Health,
        instance.Pid > 0 ? $"{instance.Pid}" : "",
        instance.Pid > 0 && instance.StartedAt is { } started ? Human.Duration(now - started.ToDateTimeOffset()) : "",
        $"{instance.Restarts}",
        Human.Share(instance.Cpu),
        Human.Size(instance.MemoryBytes),
    ];

    private static string[] MoreCells(Instance instance) =>
    [
        instance.Version,
        instance.Node,
        string.Join(',', instance.Ports.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}")),
        $"{instance.Processes}",
        instance.Containment,
        instance.Supervisor,
        Human.ShortDigest(instance.PackageDigest),
        instance.Reason,
    ];

    private static string Remarks(IReadOnlyList<Instance> instances, bool wide, DateTimeOffset now)
    {
        var text = new StringBuilder();
        foreach (var instance in instances)
        {
            // In the wide table the reason has a column.
            if (!wide && IsTroubled(instance) && instance.Reason.Length > 0) Remark(text, instance, $"{Trouble(instance)}: {instance.Reason}{Next(instance, now)}");
            if (instance.OutputTrouble.Length > 0) Remark(text, instance, $"output: {instance.OutputTrouble}");
            if (!wide && instance.Health != "unhealthy") continue;
            foreach (var probe in instance.Probes.Where(probe => probe.State == "failing")) Remark(text, instance, $"{probe.Name} probe: {probe.Message}");
        }

        if (wide)
        {
            foreach (var group in instances.SelectMany(i => i.NotEnforced.Select(text => (i.Instance_, text))).GroupBy(p => p.text, p => p.Instance_))
                text.Append("not enforced here: ").Append(Printable.Text(group.Key)).Append(" (").AppendJoin(", ", group.Distinct()).Append(")\n");
        }

        return text.Length > 0 ? "\n" + text : "";
    }

    private static bool IsTroubled(Instance instance) =>
        instance.State is "failed" or "backing-off" or "waiting" or "unknown" || instance.Health == "unhealthy";

    private static string Trouble(Instance instance) => instance.State == "running" ? instance.Health : instance.State;

    private static string Next(Instance instance, DateTimeOffset now) =>
        instance.NextStartAt is { } next && next.ToDateTimeOffset() > now ? $"; next start in {Human.Duration(next.ToDateTimeOffset() - now)}" : "";

    private static void Remark(StringBuilder text, Instance instance, string remark) =>
        text.Append(instance.Instance_).Append(": ").Append(Printable.Text(remark).ReplaceLineEndings(" ")).Append('\n');
}
