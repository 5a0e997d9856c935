using System.Diagnostics;

namespace Holdfast.Core.Tests.House;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string[] Foreign = [".git", "bin", "obj", "artifacts", "TestResults", "node_modules"];

    public static string Root { get; } = FindRoot();

    /// <summary>Paths of all files that belong to the project, relative to its root, with forward slashes, sorted.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. (Tracked() ?? Found()).Where(file => File.Exists(Full(file))).Order(StringComparer.Ordinal)];

    /// <summary>The C# files of the product.</summary>
    public static IEnumerable<string> Sources => Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The C# files of the product and its tests.</summary>
    public static IEnumerable<string> AllSources => Files.Where(file =>
        (file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("tests/", StringComparison.Ordinal)) && file.EndsWith(".cs", StringComparison.Ordinal));

    public static string Full(string file) => Path.Combine(Root, file);

    public static string Text(string file) => File.ReadAllText(Full(file));

    public static string[] Lines(string file) => File.ReadAllLines(Full(file));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("No Holdfast.slnx above " + AppContext.BaseDirectory);
    }

    /// <summary>What git tracks or would track; null without git (a source archive).</summary>
    private static string[]? Tracked()
    {
        try
        {
            var start = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            {
                WorkingDirectory = Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var git = Process.Start(start)!;
            git.ErrorDataReceived += (_, _) => { };
            git.BeginErrorReadLine();
            var names = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            return git.ExitCode == 0 ? names.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> Found() =>
        Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(Foreign.Contains));
}
