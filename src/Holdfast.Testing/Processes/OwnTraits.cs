using System.Globalization;
using System.Runtime.InteropServices;

namespace Holdfast.Testing.Processes;

/// <summary>The niceness of this thread, for a while.</summary>
internal sealed partial class OwnPriority : IDisposable
{
    private readonly int before = Get(0, 0);

    public OwnPriority(int niceness) => _ = Set(0, 0, niceness);

    public void Dispose() => _ = Set(0, 0, before);

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int Get(int which, int who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int Set(int which, int who, int niceness);
}

/// <summary>How early the out-of-memory killer takes this process, for a while.</summary>
internal sealed class OwnOutOfMemoryScore : IDisposable
{
    private const string Score = "/proc/self/oom_score_adj";

    private readonly string before = File.ReadAllText(Score);

    public OwnOutOfMemoryScore(int score)
    {
        try
        {
            File.WriteAllText(Score, score.ToString(CultureInfo.InvariantCulture));
            IsSet = true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            IsSet = false;
        }
    }

    public bool IsSet { get; }

    public void Dispose()
    {
        if (IsSet)
            File.WriteAllText(Score, before);
    }
}

/// <summary>Whether other processes of this account may read this one's memory, and a crash may write it out.</summary>
internal static partial class OwnMemory
{
    private const int GetDumpable = 3;

    public static int IsReadable => Control(GetDumpable, 0, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint a, nuint b, nuint c, nuint d);
}
