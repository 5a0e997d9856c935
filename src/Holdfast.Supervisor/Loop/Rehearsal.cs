using System.Text.Json;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;

namespace Holdfast.Supervisor.Loop;

/// <summary>
/// Lets a made-up instance be killed and restarted, without any effect: what the decisions and their records need of the
/// runtime is loaded and compiled then, and not while the first real service is down.
/// </summary>
internal static class Rehearsal
{
    public static void Run(string bootId, Moment now)
    {
        var desired = new DesiredInstance(Plan, RunState.Running, 1);
        var killed = new ExitInfo(null, "SIGKILL", CoreDumped: false, now.Wall);
        Input[] life =
        [
            new Input.Applied(desired),
            new Input.Started(1, 1, 1),
            new Input.Exited(1, killed),
            new Input.ContainerEmpty(1),
            new Input.Started(2, 1, 2),
            new Input.Exited(2, killed),
            new Input.ContainerEmpty(2),
        ];
        var instance = Instance.New(desired, now);
        foreach (var input in life)
        {
            var step = InstanceMachine.Step(instance, input, now);
            instance = step.State;
            foreach (var effect in step.Effects) Record(effect, instance, bootId, now);
        }
    }

    private static InstancePlan Plan { get; } = new()
    {
        Instance = "rehearsal-0",
        Service = "rehearsal",
        Release = 1,
        PackageDigest = "",
        AdmissionRecord = "",
        CodeFolder = "",
        DataFolder = "",
        OutputFolder = "",
        WorkingFolder = "",
        Executable = "",
        Arguments = [],
        Environment = new Dictionary<string, string>(),
        Ports = new Dictionary<string, int>(),
        Spec = new ServiceSpec { Name = "rehearsal", Command = ["rehearsal"], Restart = new RestartSpec { Delays = [TimeSpan.Zero] } },
    };

    private static void Record(Effect effect, Instance instance, string bootId, Moment now)
    {
        switch (effect)
        {
            case Effect.Save:
                JsonSerializer.SerializeToUtf8Bytes(InstanceMemory.Of(instance, bootId, now) with { Capture = new CaptureStatus() }, SupervisionJson.Default.InstanceMemory);
                break;
            case Effect.WriteEvent told:
                JsonSerializer.SerializeToUtf8Bytes(KeeperEvents.Of(told, instance, now.Wall), SupervisionJson.Default.InstanceEvent);
                break;
        }
    }
}
