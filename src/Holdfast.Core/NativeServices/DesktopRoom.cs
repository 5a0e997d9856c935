using Holdfast.Core.Problems;

namespace Holdfast.Core.NativeServices;

/// <summary>A desktop that services share, by the estimate of <see cref="DesktopHeap"/>.</summary>
/// <param name="Account">Whose it is.</param>
/// <param name="Services">How many of ours are on it.</param>
public sealed record DesktopRoom(string Account, int Kilobytes, int Services)
{
    /// <summary>What to do about one that is full.</summary>
    public const string Mend =
        @"give services accounts of their own (`--log-on-as ""NT SERVICE\NAME""`): each then has its own desktop; or raise the third number of SharedSection in HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\SubSystems, value Windows, and restart the machine";

    /// <summary>So many services fit on it, about.</summary>
    public int Fits => Kilobytes / DesktopHeap.KilobytesPerService;

    public int Left => Math.Max(0, Fits - Services);

    /// <summary>Null: all of them fit.</summary>
    public Problem? Problem => Services <= Fits ? null : new(ProblemKind.Conflict, "service.desktop-heap", $"{Services} services under {Account} may not fit on the desktop that they share: about {Fits} do")
    {
        Why = $"it has {Kilobytes} KB, of which each takes {DesktopHeap.KilobytesPerService} by estimate; who finds no room ends with 0xC0000142 as soon as it is started",
        Mend = Mend,
    };

    public DesktopRoom With(int more) => this with { Services = Services + more };
}
