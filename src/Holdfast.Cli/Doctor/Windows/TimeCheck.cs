using System.Runtime.Versioning;
using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Services;
using Holdfast.Platform.Windows.Settings;

namespace Holdfast.Cli.Doctor.Windows;

/// <summary>Whether Windows keeps its clock right: certificates are judged by it, and records of several nodes are put in order by it.</summary>
internal static class TimeCheck
{
    private const string Service = "W32Time";
    private const string Mend = "where nothing else sets the clock: sc.exe config W32Time start= auto, net start W32Time, w32tm /config /update";

    /// <param name="State">Of the service W32Time; null: Windows has none.</param>
    /// <param name="Source">NT5DS (the domain), NTP, AllSync, NoSync; null: it is not said.</param>
    internal sealed record Facts(NativeState? State, string? Source);

    [SupportedOSPlatform("windows")]
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        var seen = ServiceControlManager.Local().Status(Service);
        return Task.FromResult<IReadOnlyList<Finding>>([Judge(new(seen.IsOk ? seen.Value.Status.State : null, WindowsSettings.TimeSource))]);
    }

    internal static Finding Judge(Facts facts) => facts switch
    {
        { State: null } => new(Verdict.Lacking, $"Windows has no time service ({Service}): its clock may drift, by which certificates are judged and records are put in order", Mend),
        { Source: "NoSync" } => new(Verdict.Lacking, "The time service is told to ask nobody (NoSync): the clock may drift, by which certificates are judged and records are put in order", "where nothing else sets the clock: w32tm /config /manualpeerlist:SERVER /syncfromflags:manual /update"),
        { State: NativeState.Running } => new(Verdict.Good, $"The time service runs, and asks {(facts.Source == "NT5DS" ? "the domain" : facts.Source ?? "whom Windows has chosen")} ({Service})"),
        _ => new(Verdict.Lacking, $"The time service ({Service}) does not run now: the clock may drift, by which certificates are judged and records are put in order", Mend),
    };
}
