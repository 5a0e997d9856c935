using Holdfast.Core.Operations;
using Holdfast.Core.Supervision;

namespace Holdfast.Node.Operations;

/// <summary>
/// When it is proven that nothing of an epoch runs here. An order to run may have been given and not been seen yet: so an instance that is not there proves something only
/// after its supervisor has taken the order to remove it.
/// </summary>
internal sealed class EpochEndings
{
    private readonly Dictionary<string, long> removed = new(StringComparer.Ordinal);

    /// <summary>To be asked before any order is given in this look. Null: it may run, or there is no epoch.</summary>
    public (long Epoch, string Why)? Look(ServiceRecord service, InstanceStatus? seen, ServiceShare share)
    {
        if (Ending(service, share) is > 0 and var epoch)
            return seen is null && removed.GetValueOrDefault(service.Name) == epoch ? (epoch, "nothing of it runs any more") : null;
        if (share.Leading is not { } leading || seen is null || seen.Epoch != leading.Epoch || seen.Incarnation != service.Incarnation || seen.Release != service.Release) return null;
        return seen.State is InstanceState.Failed or InstanceState.Completed or InstanceState.Stopped ? (leading.Epoch, $"it is {seen.State.Word()}: {seen.Reason}") : null;
    }

    /// <summary>The orders of this look were taken. True: look again at once.</summary>
    public bool Ordered(ServiceRecord service, ServiceShare share)
    {
        var epoch = Ending(service, share);
        if (epoch == 0 || removed.GetValueOrDefault(service.Name) == epoch) return false;
        removed[service.Name] = epoch;
        return true;
    }

    /// <summary>The epoch whose instance is being removed; 0: none.</summary>
    private static long Ending(ServiceRecord service, ServiceShare share) => share.Ends > 0 ? share.Ends : service.Removing ? share.Leading?.Epoch ?? 0 : 0;
}
