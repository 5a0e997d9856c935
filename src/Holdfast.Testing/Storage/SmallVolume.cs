using System.Diagnostics;
using Xunit;

namespace Holdfast.Testing.Storage;

/// <summary>A file system of its own with little space, to fill up. It needs the right to mount one (root on Linux).</summary>
public sealed class SmallVolume : IDisposable
{
    private const string Filler = "filler";

    private SmallVolume(string path) => Path = path;

    public string Path { get; }

    public static SmallVolume Mount(int kibibytes)
    {
        var path = Directory.CreateTempSubdirectory("holdfast-small-").FullName;
        if (Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", path) is { Length: > 0 } error)
            throw new InvalidOperationException(error);
        return new SmallVolume(path);
    }

    /// <summary>Why there cannot be one here, or null.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "needs root on Linux, to mount a small file system";
        try
        {
            using var volume = Mount(64);
            return null;
        }
        catch (InvalidOperationException e)
        {
            return "cannot mount a small file system: " + e.Message;
        }
    }

    /// <summary>Takes all the space that is left.</summary>
    public void Fill()
    {
        using var filler = new FileStream(System.IO.Path.Combine(Path, Filler), FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var size = 4096; size > 0; size /= 2)
        {
            try
            {
                while (true)
                    filler.Write(new byte[size]);
            }
            catch (IOException)
            {
                // Full at this size: the rest is tried with smaller pieces.
            }
        }
    }

    public void Free() => File.Delete(System.IO.Path.Combine(Path, Filler));

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
    }

    private static string Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"{command}: {error.Trim()}";
    }
}

/// <summary>A test that fills a volume; skipped by name where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallVolumeFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Missing = new(SmallVolume.WhyNot);

    public SmallVolumeFactAttribute() => Skip = Missing.Value;
}
