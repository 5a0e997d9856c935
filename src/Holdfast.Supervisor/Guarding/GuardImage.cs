using System.Text;
using Holdfast.Core.Problems;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Guarding;

/// <summary>
/// How a guard learns which version it is to become: the supervisor, which is that version already, writes its own file's name down and
/// sends SIGHUP. The folder is the node's own account's.
/// </summary>
internal static class GuardImage
{
    private const string Signal = "HUP";

    public static Outcome<Done> Tell(SupervisorPlace place, HeldProcess guard)
    {
        var written = DurableFile.Write(PathIn(place), Encoding.UTF8.GetBytes(Environment.ProcessPath!));
        if (written.IsOk) guard.Signal(Signal);
        return written;
    }

    /// <summary>What the guard is to become; null: nobody said.</summary>
    public static string? Read(SupervisorPlace place)
    {
        try
        {
            return SharedFile.ReadAllText(PathIn(place));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string PathIn(SupervisorPlace place) => Path.Combine(place.Folder, "guard.image");
}
