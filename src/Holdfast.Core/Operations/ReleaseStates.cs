namespace Holdfast.Core.Operations;

/// <summary>What becomes of a service's releases when an operation comes to another phase: at most one is current.</summary>
public static class ReleaseStates
{
    /// <summary>The release as it is after the operation's step; the same one where that changes nothing.</summary>
    public static ReleaseRecord After(Operation operation, ReleaseRecord release)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(release);
        var its = release.Number == operation.Release;
        return (operation.Phase, release.State) switch
        {
            (_, _) when operation.Action is OperationAction.Stop or OperationAction.Remove => release,
            (OperationPhase.Done, ReleaseState.Current) when its => release,
            (OperationPhase.Done, _) when its => release with { State = ReleaseState.Current, Reason = "" },
            (OperationPhase.Done, ReleaseState.Current) => release with { State = ReleaseState.Superseded, Reason = "" },
            (OperationPhase.RollingBack or OperationPhase.Failed, ReleaseState.Deploying) when its => release with { State = ReleaseState.Failed, Reason = operation.Reason },
            _ => release,
        };
    }
}
