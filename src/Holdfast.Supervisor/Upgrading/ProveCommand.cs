using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;
using Holdfast.Supervisor.Capture;
using Holdfast.Supervisor.Loop;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Supervisor.Upgrading;

/// <summary>
/// What the image that wants to take over does in a child before it is let: it reads the handover from stdin, makes all instances of it,
/// and says on stdout what it has understood. It touches nothing.
/// </summary>
internal static class ProveCommand
{
    public static int Run(Stream output)
    {
        // The handover may hold secrets: no core dump of this process either.
        OwnProtection.Apply(0);
        using var passed = new SafeFileHandle(0, ownsHandle: false);
        var document = PassedDocument.Read(passed);
        var proof = Prove(document);
        output.Write(JsonSerializer.SerializeToUtf8Bytes(proof, HandoverJson.Default.HandoverProof));
        return proof.Problem is null ? ExitCode.Ok : ExitCode.Refused;
    }

    public static HandoverProof Prove(byte[] document)
    {
        var proof = new HandoverProof(CommandLine.Version, HandoverDocument.DigestOf(document), 0);
        var read = HandoverDocument.Read(document);
        if (!read.TryGet(out var handover)) return proof with { Problem = string.Join("; ", read.Problems) };
        var now = new Moment(BootClock.SinceBoot, BootClock.Instance.GetUtcNow());
        Rehearsal.Run(handover.BootId, now);
        foreach (var one in handover.Instances)
        {
            if (WhyNot(one, now) is { } why) return proof with { Problem = $"{one.Desired.Plan.Instance}: {why}" };
        }

        return proof with { Instances = handover.Instances.Count };
    }

    private static string? WhyNot(InstanceHandover one, Moment now)
    {
        var instance = one.Restore(now);
        if (instance.Phase is Phase.Launching or Phase.Gone) return $"a supervisor hands nothing over in {instance.Phase.GetType().Name}";
        foreach (var side in one.Tree.Sides)
        {
            if (SideKind.HookOf(side.Kind) is null && SideKind.ProbeOf(side.Kind) is null) return $"{side.Kind} is neither a hook nor a probe that this build knows";
        }

        ServiceSpec spec = (instance.Active ?? instance.Desired).Plan.Spec;
        var capture = CaptureSettings.From(spec.Output, []);
        return capture.IsOk ? null : string.Join("; ", capture.Problems);
    }
}
