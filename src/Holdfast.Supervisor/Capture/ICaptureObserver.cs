using Holdfast.Core.Problems;

namespace Holdfast.Supervisor.Capture;

/// <summary>Is told when output of an instance cannot be written, and when that is over. Called on a thread of the pump: return soon.</summary>
public interface ICaptureObserver
{
    /// <summary>Once per trouble, at its beginning.</summary>
    void Trouble(Problem problem);

    /// <summary>Once per trouble, at its end.</summary>
    void Recovered(CaptureRecovery recovery);

    /// <summary>What was written is on the disk now.</summary>
    void Synced();
}
