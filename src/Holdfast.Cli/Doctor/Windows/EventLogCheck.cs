using System.Runtime.Versioning;
using Holdfast.Cli.Units;
using Holdfast.Core.EventLog;
using Holdfast.Node.Supervisors;
using Holdfast.Platform.Windows.EventLog;
using Holdfast.Platform.Windows.Services;

namespace Holdfast.Cli.Doctor.Windows;

/// <summary>Whether Event Viewer can show what our services write into the Application log.</summary>
internal static class EventLogCheck
{
    /// <param name="Library">What the source names; null: there is no source.</param>
    /// <param name="IsThere">That file is.</param>
    /// <param name="AnyService">A service of ours, whose installation makes the source known; null: there is none.</param>
    internal sealed record Facts(string? Library, bool IsThere, string? AnyService);

    [SupportedOSPlatform("windows")]
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel)
    {
        var library = EventLogSource.Library;
        var ours = OwnServices.Of(ServiceControlManager.Local());
        return Task.FromResult<IReadOnlyList<Finding>>([Judge(new(library, File.Exists(library), ours.IsOk && ours.Value.Count > 0 ? ours.Value[0].Config.Name : null))]);
    }

    internal static Finding Judge(Facts facts) => facts switch
    {
        { Library: null, AnyService: null } => new(Verdict.Good, $"Nothing is written into Windows' Application log: there is no native service yet, whose installation makes the source {EventLogMessages.Source} known"),
        { Library: null } => new(Verdict.Lacking, $"Windows' Application log does not know the source {EventLogMessages.Source}: nothing is written there, only into the journal", $"holdfast service edit {facts.AnyService} makes it known; each service writes from its next start on"),
        { IsThere: false } => new(Verdict.Lacking, $"The library with the Event Log's messages is not at {facts.Library}: Event Viewer shows no sentences", facts.AnyService is null ? "put Holdfast's folder back where it was" : $"holdfast service edit {facts.AnyService} names the one of this version"),
        _ => new(Verdict.Good, $"Windows' Application log has our events under the source {EventLogMessages.Source} ({facts.Library})"),
    };
}
