using System.Globalization;
using Holdfast.Platform;

namespace Holdfast.Testing.Processes;

/// <summary>Makes a process with the number of another one that has ended, as it comes about by itself after some days.</summary>
internal static class NextPid
{
    private const string Last = "/proc/sys/kernel/ns_last_pid";
    private const int Tries = 2000;

    public static bool CanBeChosen
    {
        get
        {
            try
            {
                // Taking it as it is and writing it back changes at most the numbers of what others are just starting.
                File.WriteAllText(Last, File.ReadAllText(Last));
                return true;
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>A sleeping process of a session of its own. Others start processes as well: it is tried until it is ours that gets the number.</summary>
    public static Sleeper Take(int pid)
    {
        for (var i = 0; i < Tries; i++)
        {
            File.WriteAllText(Last, (pid - 1).ToString(CultureInfo.InvariantCulture));
            var sleeper = new Sleeper();
            if (sleeper.Pid == pid)
                return sleeper;
            sleeper.Dispose();
        }

        throw new InvalidOperationException($"Somebody else has the number {pid}.");
    }

    /// <summary>Started without System.Diagnostics.Process, which would reap the host's children.</summary>
    internal sealed class Sleeper : IDisposable
    {
        private readonly HeldProcess held = HeldProcess.Start("/bin/sleep", ["1000"], new Dictionary<string, string>()).Value;

        public int Pid => held.Pid;

        public void Dispose()
        {
            held.Signal("KILL");
            while (held.TakeExit() is null)
                Thread.Yield();
            held.Dispose();
        }
    }
}
