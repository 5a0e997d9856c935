using System.Diagnostics;

namespace Holdfast.Windows.Tests;

/// <summary>Debian's Wine, in a folder of its own that lives on from run to run: making one takes ten seconds.</summary>
internal static class Wine
{
    /// <summary>For all tests together: they take a minute where nothing else runs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Null: it can be used.</summary>
    public static string? Missing
    {
        get
        {
            if (!OperatingSystem.IsLinux()) return "runs under Wine on Linux; on Windows run holdfast-windows-selftest itself";
            if (Find("wine") is null) return "needs wine (Debian: wine wine64)";
            return File.Exists(Selftest) ? null : "needs artifacts/windows-selftest: ./build.sh test makes it";
        }
    }

    public static string Folder => Path.Combine(Artifacts, "windows-selftest");

    public static string Selftest => Path.Combine(Folder, "holdfast-windows-selftest.exe");

    /// <summary>Stands in for what Wine's own lacks (Fakes/ncrypt.c). Not there where mingw-w64 is not.</summary>
    private static string FakeNcrypt => Path.Combine(Artifacts, "wine-fakes", "ncrypt.dll");

    private static string Artifacts { get; } = Path.Combine(FindRepository(), "artifacts");

    private static string Prefix => Path.Combine(Artifacts, "wine");

    /// <summary>The name under which a Windows program finds a file of this machine.</summary>
    public static string PathOf(string file) => "Z:" + file.Replace('/', '\\');

    /// <summary>Runs a Windows program to its end, and ends what Wine has started for it.</summary>
    public static void Run(string program, params string[] arguments)
    {
        if (!Directory.Exists(Path.Combine(Prefix, "drive_c")))
        {
            End(Start("wineboot", "-i"));
            // What it has started ends by itself, and would take new services with it.
            End(Start("wineserver", "-w"));
        }

        if (File.Exists(FakeNcrypt)) File.Copy(FakeNcrypt, Path.Combine(Prefix, "drive_c", "windows", "system32", "ncrypt.dll"), overwrite: true);
        End(Start("wine", [program, .. arguments]));
        End(Start("wineserver", "-k"));
        // The next run is not to meet what still ends.
        End(Start("wineserver", "-w"));
    }

    private static void End(Process process)
    {
        if (!process.WaitForExit(Patience)) process.Kill(entireProcessTree: true);
        process.Dispose();
    }

    private static Process Start(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(Find(command)!, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true };
        start.Environment["WINEPREFIX"] = Prefix;
        start.Environment["WINEDEBUG"] = "-all";
        if (File.Exists(FakeNcrypt)) start.Environment["WINEDLLOVERRIDES"] = "ncrypt=n";
        Directory.CreateDirectory(Artifacts);
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    private static string? Find(string command) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, command)).FirstOrDefault(File.Exists);

    private static string FindRepository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Holdfast.slnx"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the repository.");
        return folder;
    }
}
