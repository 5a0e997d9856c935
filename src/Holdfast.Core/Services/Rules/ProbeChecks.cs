using System.Globalization;
using Holdfast.Core.Documents;
using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

internal static class ProbeChecks
{
    private static readonly string[] Kinds = ["http", "grpc", "tcp", "exec"];

    public static IEnumerable<(string Path, ProbeSpec Probe)> Probes(ServiceSpec spec) =>
        new[] { ("health.startup", spec.Health.Startup), ("health.liveness", spec.Health.Liveness), ("health.readiness", spec.Health.Readiness) }
            .Where(one => one.Item2 is not null)
            .Select(one => (one.Item1, one.Item2!));

    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        foreach (var (path, probe) in Probes(spec))
        {
            CheckKind(path, reading);
            CheckPort($"{path}.http.port", probe.Http?.Port, spec, reading);
            CheckPort($"{path}.grpc.port", probe.Grpc?.Port, spec, reading);
            CheckPort($"{path}.tcp.port", probe.Tcp?.Port, spec, reading);
        }
    }

    private static void CheckKind(string path, SpecReading reading)
    {
        var kinds = Kinds.Where(kind => reading.Has($"{path}.{kind}")).ToList();
        if (kinds.Count > 1)
            reading.Report($"{path}.{kinds[1]}", new(SpecRules.ProbeKind, $"is a second kind beside {kinds[0]}", "a probe asks in one way", "remove one of them"));
        // An unknown key below may be the misspelt kind: that is the problem then.
        else if (kinds.Count == 0 && reading.Sound(path))
            reading.Report(path, new(SpecRules.ProbeKind, "does not say how to ask", SpecRules.ProbeKind.Reason, "add `http: {port: …, path: …}`, `grpc: {port: …}`, `tcp: {port: …}` or `exec: {command: …}`"));
    }

    /// <summary>A port that is asked exists.</summary>
    public static void CheckPort(string path, string? port, ServiceSpec spec, SpecReading reading)
    {
        if (string.IsNullOrEmpty(port) || !reading.Sound(path) || reading.Has($"ports.{port}"))
            return;
        if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            if (number is < 1 or > 65535)
                reading.Report(path, new(SpecRules.PortNumber, $"`{port}` is not a port", "ports are 1 to 65535"));
            return;
        }

        var known = spec.Ports.Keys.ToList();
        var nearest = Nearest.To(port, known);
        reading.Report(path, new(
            SpecRules.PortUnknown,
            $"`{port}` is not a port of this service",
            known.Count == 0 ? "it has no `ports`" : $"its ports: {string.Join(", ", known)}",
            nearest is not null ? $"did you mean `{nearest}`?" : $"add it: `ports: {{{port}: auto}}`"));
    }
}
