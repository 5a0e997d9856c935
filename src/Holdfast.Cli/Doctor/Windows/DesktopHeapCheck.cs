using System.Runtime.Versioning;
using Holdfast.Cli.Units;
using Holdfast.Core.NativeServices;
using Holdfast.Node.Supervisors;
using Holdfast.Platform.Windows.Services;
using Holdfast.Platform.Windows.Settings;

namespace Holdfast.Cli.Doctor.Windows;

/// <summary>For how many more services there is room on the desktops that they share, by estimate (<see cref="DesktopHeap"/>).</summary>
internal static class DesktopHeapCheck
{
    [SupportedOSPlatform("windows")]
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        var ours = OwnServices.Of(ServiceControlManager.Local());
        return Task.FromResult<IReadOnlyList<Finding>>(ours.IsOk
            ? [.. Judge(WindowsSettings.SubSystems, [.. ours.Value.Where(one => one.Config.StartType != NativeStartType.Disabled).Select(one => one.Config.Account)])]
            : [new(Verdict.Lacking, ours.Problems[0].What, ours.Problems[0].Mend)]);
    }

    /// <param name="accounts">Of our services, one each.</param>
    internal static IEnumerable<Finding> Judge(string? subsystem, IReadOnlyList<string> accounts)
    {
        if (DesktopHeap.KilobytesOf(subsystem) is not { } kilobytes)
        {
            yield return new(Verdict.Lacking, "Windows does not say how much desktop heap services have (SharedSection): for how many there is room is not known", @"look at HKLM\SYSTEM\CurrentControlSet\Control\Session Manager\SubSystems, value Windows");
            yield break;
        }

        // Of the one that services have unless they say otherwise, it is told before there is any.
        foreach (var account in new[] { ScmAccount.LocalSystem, ScmAccount.LocalService, ScmAccount.NetworkService })
        {
            var room = DesktopHeap.SharedBy(account, accounts, kilobytes)!;
            if (room.Services == 0 && account != ScmAccount.LocalSystem) continue;
            var known = $"{room.Services} services under {account} share a desktop of {kilobytes} KB, which has room for about {room.Fits}";
            yield return room.Problem is null
                ? new(Verdict.Good, $"{known}: {room.Left} more")
                : new(Verdict.Lacking, $"{known}: who finds none ends with 0xC0000142 as soon as it is started", DesktopRoom.Mend);
        }
    }
}
