namespace Holdfast.Integration.Tests.Nodes;

/// <summary>A disk of a few megabytes with a whole node on it, and a way to fill it up and to make room again.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string root) => Root = root;

    public string Root { get; }

    /// <summary>For <see cref="TestNode"/>, which deletes it; the disk itself stays mounted until then.</summary>
    public string NodeFolder => Path.Combine(Root, "n");

    private string Ballast => Path.Combine(Root, "ballast");

    /// <summary>A new one, mounted.</summary>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var root = Directory.CreateTempSubdirectory("hf-disk-").FullName;
        (await Programs.RunAsync("mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", root], root)).Ok();
        Directory.CreateDirectory(Path.Combine(root, "n"));
        return new(root);
    }

    /// <summary>Takes all room but so many bytes.</summary>
    public void Fill(int leave = 0)
    {
        using var ballast = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
                ballast.Write(new byte[4096]);
        }
        catch (IOException)
        {
            // Full.
        }

        ballast.SetLength(Math.Max(0, ballast.Length - leave));
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        // Lazily: whoever still has a file of it open must not keep it mounted.
        await Programs.RunAsync("umount", ["-l", Root], "/");
        Directory.Delete(Root);
    }

    /// <summary>Skips by name where there is no right to mount.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class FactAttribute : Xunit.FactAttribute
    {
        public FactAttribute()
        {
            if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
                Skip = "mounting a small tmpfs needs root on Linux";
        }
    }
}
