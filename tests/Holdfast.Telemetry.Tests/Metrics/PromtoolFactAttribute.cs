namespace Holdfast.Telemetry.Tests.Metrics;

/// <summary>A test that asks promtool; skipped by name where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PromtoolFactAttribute : FactAttribute
{
    private static readonly bool Found = (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "promtool")));

    public PromtoolFactAttribute() => Skip = Found ? null : "needs promtool (Debian: prometheus)";
}
