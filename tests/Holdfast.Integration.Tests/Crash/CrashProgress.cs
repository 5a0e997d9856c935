namespace Holdfast.Integration.Tests.Crash;

/// <summary>A whole matrix takes more than an hour: how far it is, is in the file that HOLDFAST_CRASH_LOG names, a line for each run, as soon as it is done.</summary>
internal sealed class CrashProgress(int runs)
{
    private readonly string? file = Environment.GetEnvironmentVariable("HOLDFAST_CRASH_LOG");
    private readonly Lock gate = new();
    private int done;

    public void Tell(string what)
    {
        lock (gate)
        {
            done++;
            if (file is not null) File.AppendAllText(file, $"{done} of {runs}  {what}\n");
        }
    }
}
