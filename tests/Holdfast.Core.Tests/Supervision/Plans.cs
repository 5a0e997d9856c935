using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Core.Tests.Supervision;

/// <summary>Plans for machines that start nothing.</summary>
internal static class Plans
{
    public static ServiceSpec Spec { get; } = new() { Name = "payments", Command = ["bin/payments"] };

    public static InstancePlan Of(ServiceSpec spec, int release = 1) => new()
    {
        Instance = spec.Name + "-0",
        Service = spec.Name,
        Release = release,
        PackageDigest = "sha256:" + new string('a', 64),
        AdmissionRecord = "/hf/packages/a/admission.json",
        CodeFolder = "/hf/packages/a/files",
        DataFolder = "/hf/instances/payments-0",
        OutputFolder = "/hf/output/payments-0",
        WorkingFolder = "/hf/instances/payments-0",
        Executable = "/hf/packages/a/files/bin/payments",
        Arguments = [],
        Environment = new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" },
        Ports = new Dictionary<string, int>(),
        Spec = spec,
    };

    public static DesiredInstance Wanted(ServiceSpec spec, RunState run = RunState.Running, int release = 1, long incarnation = 1) =>
        new(Of(spec, release), run, incarnation);
}
