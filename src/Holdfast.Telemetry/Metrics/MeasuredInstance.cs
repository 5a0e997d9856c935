using Holdfast.Core.Supervision;
using Holdfast.Telemetry.Sources;

namespace Holdfast.Telemetry.Metrics;

/// <summary>An instance and what it uses.</summary>
internal sealed record MeasuredInstance(InstanceStatus Status, InstanceUsage? Usage)
{
    /// <summary>
    /// The labels of every series of an instance. The release is only on its state and in <c>holdfast_instance_info</c>: counters go on
    /// over deploys, and must not be counted for a release that did not cause them.
    /// </summary>
    public IReadOnlyList<Label> Labels { get; } = [new("service", Status.Service), new("instance", Status.Instance)];

    public IEnumerable<Label> With(string name, string value) => [.. Labels, new Label(name, value)];
}
