namespace Holdfast.Platform.Windows.Stopping;

/// <summary>What signals mean on Windows, by their names without SIG.</summary>
internal static class StopSignals
{
    public const string Kill = "KILL";

    /// <summary>What asks a process to end: Ctrl-C; Ctrl-Break; closing its windows; and TERM, which is Ctrl-C and closing its windows.</summary>
    public static bool IsRequest(string signal) => signal is "TERM" or "INT" or "QUIT" or "HUP";

    public static bool SendsInterrupt(string signal) => signal is "TERM" or "INT";

    public static bool SendsBreak(string signal) => signal is "QUIT";

    public static bool ClosesWindows(string signal) => signal is "TERM" or "HUP";
}
