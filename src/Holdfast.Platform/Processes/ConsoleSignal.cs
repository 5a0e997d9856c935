namespace Holdfast.Platform;

/// <summary>
/// How a process is asked to end on Windows. Ctrl-C and Ctrl-Break go to a console, and only who is attached to that console sends them; a
/// process has one console at a time. So the host starts its own executable for a moment, which attaches to the console of the one process,
/// sends, and ends: the supervisor itself attaches to none, and no other console hears of it. Executables that keep processes hand these
/// arguments to <see cref="Run"/>.
/// </summary>
public static class ConsoleSignal
{
    /// <summary>The first argument of such a start: <c>signal-console PID CREATION-TIME SIGNAL</c>.</summary>
    public const string Verb = "signal-console";

    /// <returns>0: sent; 1: nobody is there to be asked; 2: the arguments are not understood.</returns>
    /// <param name="arguments">Those after the verb.</param>
    public static int Run(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return OperatingSystem.IsWindows() ? Windows.Stopping.StopRequest.Run(arguments) : throw Unsupported.Here("consoles");
    }
}
