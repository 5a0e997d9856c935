using System.Globalization;
using Holdfast.Platform;

namespace Holdfast.Integration.Tests.Crash;

/// <summary>All processes of a home's services, as the kernel lists them: our own books are not asked.</summary>
internal static class Processes
{
    /// <summary>Every living process whose program lies in the home's packages, and how it came to be.</summary>
    public static List<ServiceProcess> Of(string home)
    {
        var found = new List<ServiceProcess>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                continue;
            // A program that was deleted meanwhile is named with a word behind it: still ours.
            if (ProcessFacts.Executable(pid) is { } program && program.StartsWith(Path.Combine(home, "packages") + "/", StringComparison.Ordinal)
                && ProcessFacts.Read(pid) is { Ended: false } facts && InstanceOf(pid) is { } instance)
                found.Add(new(pid, facts.ParentPid, instance));
        }

        return found;
    }

    private static string? InstanceOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Split('\0').FirstOrDefault(pair => pair.StartsWith("HOLDFAST_INSTANCE=", StringComparison.Ordinal))?["HOLDFAST_INSTANCE=".Length..] ?? "?";
        }
        catch (IOException)
        {
            return null; // Gone.
        }
    }
}

internal sealed record ServiceProcess(int Pid, int Parent, string Instance);
