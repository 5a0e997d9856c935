using Holdfast.Core.NativeServices;

namespace Holdfast.Platform.Windows.Services;

/// <summary>Where a service's reports go, and how its process ends without one.</summary>
internal interface IScmReporter
{
    /// <summary>Reports come in order, never two at once, and nothing comes after STOPPED.</summary>
    void Report(NativeStatus status);

    /// <summary>Ends the process at once.</summary>
    void Abandon(string why);
}
