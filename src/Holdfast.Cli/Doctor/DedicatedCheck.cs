using Holdfast.Node.Supervisors;
using Holdfast.Platform;

namespace Holdfast.Cli.Doctor;

/// <summary>Whether the supervisors that services have of their own answer.</summary>
internal static class DedicatedCheck
{
    public static async Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        foreach (var place in SupervisorPlace.AllOf(cli.Home).Where(place => !place.IsShared && place.IsUsed))
        {
            await using var client = new SupervisorClient(place, cli.Time);
            var connected = await client.ConnectAsync(cancel);
            var unit = UnitMark.Read(place);
            findings.Add((connected.IsOk, unit) switch
            {
                (true, _) => new(Verdict.Good, $"The supervisor of {place.Service} answers: pid {connected.Value.Pid}{(unit is null ? "" : $", unit {unit}")}"),
                (false, null) => new(Verdict.Broken, $"The supervisor of {place.Service} does not answer: {connected.Problems[0].Why ?? connected.Problems[0].What}", $"the agent starts it; else see {place.Log}"),
                _ => new(Verdict.Lacking, $"{place.Service} is stopped by the service manager (unit {unit})", OperatingSystem.IsWindows() ? $"holdfast service start {place.Service}" : $"systemctl start {unit}, or take it back: holdfast service unexport {place.Service}"),
            });
        }

        return findings;
    }
}
