using System.Runtime.InteropServices;

namespace Holdfast.Platform.Toolchains;

/// <summary>Where Go is on machines that have it already, and what Go calls this one.</summary>
public static class GoPlaces
{
    private const string RootVariable = "GOROOT";

    /// <summary><c>linux</c>, <c>windows</c>, <c>darwin</c>.</summary>
    public static string OperatingSystemName => OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

    /// <summary><c>amd64</c>, <c>arm64</c>: as the list of Go's downloads says it.</summary>
    public static string ArchitectureName => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.X86 => "386",
        Architecture.Arm => "armv6l",
        var other => other.ToString().ToLowerInvariant(),
    };

    /// <summary>Folders of this machine that look like a GOROOT: what GOROOT says, the distribution's, the installer's.</summary>
    public static IReadOnlyList<string> Find() =>
        [.. Candidates().Where(folder => File.Exists(Path.Combine(folder, "VERSION")) && Directory.Exists(Path.Combine(folder, "bin"))).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } root) yield return Path.GetFullPath(root);
        if (OperatingSystem.IsWindows())
        {
            // The MSI's place since 1.16, and before it.
            yield return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "Go");
            yield return @"C:\Go";
            yield break;
        }

        string[] versioned = Directory.Exists("/usr/lib") ? Directory.GetDirectories("/usr/lib", "go-*") : [];
        foreach (var folder in versioned.Order(StringComparer.Ordinal)) yield return folder;
        yield return "/usr/local/go";
    }
}
