namespace Holdfast.Testing.Processes;

/// <summary>A file that claims to be a program, in a folder of its own, for one test.</summary>
internal sealed class ProgramFile : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("holdfast-program-").FullName;

    public ProgramFile(string content, bool executable)
    {
        Path = System.IO.Path.Combine(folder, "program");
        File.WriteAllText(Path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | (executable ? UnixFileMode.UserExecute : 0));
    }

    public string Path { get; }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
