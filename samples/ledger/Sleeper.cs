using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ledger;

/// <summary>A forked process that is there, and no more: child, setsid (a session of its own) or double (its parent gone too).</summary>
internal sealed record Sleeper(string How, TimeSpan Life, bool Stubborn, bool Keep)
{
    /// <summary>The first argument of our own executable as such a process.</summary>
    public const string Role = "-sleeper";

    /// <summary>Returns the id of the process that stays.</summary>
    public int Start()
    {
        // What is not redirected is inherited: a sleeper that keeps nothing closes its ends itself.
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        foreach (var arg in new[] { Role, How, Life.TotalMilliseconds.ToString(CultureInfo.InvariantCulture), $"{Stubborn}", $"{Keep}" })
            start.ArgumentList.Add(arg);
        var process = Process.Start(start)!;
        if (How != "double")
            return process.Id;
        using (process)
            return int.Parse(process.StandardOutput.ReadLine() ?? "0", CultureInfo.InvariantCulture);
    }

    public static int Run(string[] args)
    {
        if (args is not [var how, var life, var stubborn, var keep])
            return ExitCodes.BadSettings;
        var sleeper = new Sleeper(
            how, TimeSpan.FromMilliseconds(double.Parse(life, CultureInfo.InvariantCulture)), bool.Parse(stubborn), bool.Parse(keep));
        if (how == "double")
        {
            Console.Out.WriteLine((sleeper with { How = "setsid" }).Start());
            return 0;
        }

        if (how == "setsid")
            Native.OwnSession();
        if (!sleeper.Keep)
            Native.CloseStandardError();
        using var term = sleeper.Stubborn ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => signal.Cancel = true) : null;
        using var hup = sleeper.Stubborn ? PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true) : null;
        Thread.Sleep(sleeper.Life);
        return 0;
    }
}
