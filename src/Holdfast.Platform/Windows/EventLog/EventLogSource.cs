using System.Runtime.Versioning;
using System.Security;
using Holdfast.Core.EventLog;
using Holdfast.Core.Problems;
using Microsoft.Win32;

namespace Holdfast.Platform.Windows.EventLog;

/// <summary>
/// The source Holdfast, as Windows' Application log knows it: a key that names the library with the message table, without which Event Viewer
/// shows strings and no sentences. One for all services of ours on the machine.
/// </summary>
[SupportedOSPlatform("windows")]
public static class EventLogSource
{
    private const string Application = @"SYSTEM\CurrentControlSet\Services\EventLog\Application";
    private const string MessageFile = "EventMessageFile";
    private const string Types = "TypesSupported";

    /// <summary>Error, warning and information: the sum of what <see cref="EventLogType"/> has.</summary>
    private const int AllTypes = (int)(EventLogType.Error | EventLogType.Warning | EventLogType.Information);

    /// <summary>The library that it names; null: the source is not known here.</summary>
    public static string? Library
    {
        get
        {
            try
            {
                using var key = Registry.LocalMachine.OpenSubKey($@"{Application}\{EventLogMessages.Source}");
                return key?.GetValue(MessageFile) as string;
            }
            catch (Exception failure) when (IsOfRegistry(failure))
            {
                return null;
            }
        }
    }

    /// <summary>Done also where it is known: then it names this library from now on.</summary>
    /// <param name="library">Absolute path.</param>
    public static Outcome<Done> Register(string library)
    {
        try
        {
            using var key = Registry.LocalMachine.CreateSubKey($@"{Application}\{EventLogMessages.Source}");
            key.SetValue(MessageFile, library, RegistryValueKind.ExpandString);
            key.SetValue(Types, AllTypes, RegistryValueKind.DWord);
            return Outcome.Done;
        }
        catch (Exception failure) when (IsOfRegistry(failure))
        {
            return Failed("made known to", failure);
        }
    }

    /// <summary>Done also where it is not known. Old events then show their strings only.</summary>
    public static Outcome<Done> Unregister()
    {
        try
        {
            using var key = Registry.LocalMachine.OpenSubKey(Application, writable: true);
            key?.DeleteSubKey(EventLogMessages.Source, throwOnMissingSubKey: false);
            return Outcome.Done;
        }
        catch (Exception failure) when (IsOfRegistry(failure))
        {
            return Failed("taken from", failure);
        }
    }

    private static bool IsOfRegistry(Exception failure) => failure is SecurityException or UnauthorizedAccessException or IOException or InvalidOperationException;

    private static Problem Failed(string what, Exception failure) => new(ProblemKind.Failed, "event-log.source", $"the source {EventLogMessages.Source} could not be {what} the Event Log")
    {
        Why = failure.Message,
        Mend = "run it in an elevated console",
    };
}
