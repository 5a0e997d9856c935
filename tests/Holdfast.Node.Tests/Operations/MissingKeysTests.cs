using Holdfast.Node.State;
using Holdfast.Testing.Documents;

namespace Holdfast.Node.Tests.Operations;

public class MissingKeysTests
{
    /// <summary>What has been there, and written, as long as its type. A member that comes later is not added here: it says in its setter what it is without.</summary>
    private const string AlwaysWritten = """
        EpochDocument.Hash HookSpec.Timeout InstanceReport.LastExit Operation.Fault Operation.Reason PlacementSpec.Avoid PlacementSpec.Failback
        PlacementSpec.Failover PlacementSpec.Labels PlacementSpec.MoveAfter PlacementSpec.NeverWith PlacementSpec.Preferred PlacementSpec.Replicas
        PlacementSpec.Standby PromoteSpec.Timeout ReleaseRecord.Reason ReleaseRecord.Signers ReleaseRecord.Values ReleaseRecord.ValuesName
        ServiceRecord.AssignedPorts
        """;

    [Fact]
    public void What_the_version_before_does_not_write_is_what_it_is_in_a_new_one() =>
        Assert.Empty(MissingKeys.LostIn(StateJson.Default).Except(AlwaysWritten.Split(' ', '\n')).Order());
}
