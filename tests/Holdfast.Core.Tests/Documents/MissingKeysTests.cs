using Holdfast.Core.Supervision;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Testing.Documents;

namespace Holdfast.Core.Tests.Documents;

public class MissingKeysTests
{
    /// <summary>What has been there, and written, as long as its type. A member that comes later is not added here: it says in its setter what it is without.</summary>
    private const string AlwaysWritten = """
        CaptureStatus.Redacted ContainmentStatus.Enforced ContainmentStatus.Kind ContainmentStatus.NotEnforced HookSpec.Timeout InputHandover.Rest
        InstanceHandover.Launch InstanceHandover.Output InstanceHandover.Tree InstanceMemory.Ledger InstanceStatus.Capture
        InstanceStatus.Containment InstanceStatus.Probes InstanceStatus.RestartsByReason LaunchHandover.SecretPaths LaunchHandover.SecretValues
        OutputHandover.Counts OutputHandover.Streams OutputSpec.Encoding OutputSpec.KeepAge OutputSpec.KeepBytes OutputSpec.Redaction
        OutputSpec.RotateAge OutputSpec.RotateBytes PauseSpec.Timeout Place.File PlacementSpec.Avoid PlacementSpec.Failback PlacementSpec.Failover
        PlacementSpec.Labels PlacementSpec.MoveAfter PlacementSpec.NeverWith PlacementSpec.Preferred PlacementSpec.Replicas PlacementSpec.Standby
        ProbeSpec.Failures ProbeSpec.Interval ProbeSpec.Successes ProbeSpec.Timeout PromoteSpec.Timeout RecoverySettings.Actions
        RecoverySettings.ResetAfter RedactionSpec.Patterns RedactionSpec.Without RestartLedger.Attempts RestartLedger.ByReason RestartSpec.Attempts
        RestartSpec.Delays RestartSpec.PermanentCodes RestartSpec.ResetAfter RestartSpec.RetryCodes RestartSpec.SuccessCodes RestartSpec.Window
        ServiceSpec.Access ServiceSpec.After ServiceSpec.Environment ServiceSpec.Files ServiceSpec.Health ServiceSpec.Hooks ServiceSpec.Labels
        ServiceSpec.Limits ServiceSpec.Open ServiceSpec.Output ServiceSpec.Ports ServiceSpec.Priority ServiceSpec.ReadyDeadline ServiceSpec.Restart
        ServiceSpec.Secrets ServiceSpec.Stop ServiceSpec.Version StopSpec.Signal StopSpec.Timeout StreamHandover.Part StreamHandover.Undecoded
        TreeHandover.Containers TreeHandover.Sides WindowsSpec.Dependencies WindowsSpec.Recovery WindowsSpec.ServiceSid
        """;

    [Fact]
    public void What_the_version_before_does_not_write_is_what_it_is_in_a_new_one() =>
        Assert.Empty(MissingKeys.LostIn(HandoverJson.Default).Concat(MissingKeys.LostIn(SupervisionJson.Default)).Except(AlwaysWritten.Split(' ', '\n')).Order());
}
