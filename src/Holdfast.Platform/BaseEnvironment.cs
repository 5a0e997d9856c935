namespace Holdfast.Platform;

/// <summary>
/// What every program may expect of its environment. A service inherits nothing from us: what we were started with is chance
/// and may hold secrets.
/// </summary>
public static class BaseEnvironment
{
    private static readonly string[] windowsNames = ["SystemRoot", "SystemDrive", "ComSpec", "PATHEXT", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE", "ProgramData", "ProgramFiles"];

    /// <param name="dataFolder">The instance's own folder: its home and the place of its temporary files.</param>
    public static SortedDictionary<string, string> For(string dataFolder)
    {
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (OperatingSystem.IsWindows())
        {
            foreach (var name in windowsNames)
                if (Environment.GetEnvironmentVariable(name) is { } value)
                    environment[name] = value;
            var system = Environment.GetFolderPath(Environment.SpecialFolder.System);
            environment["PATH"] = $"{system};{Environment.GetFolderPath(Environment.SpecialFolder.Windows)}";
            environment["TEMP"] = dataFolder;
            environment["TMP"] = dataFolder;
            environment["USERPROFILE"] = dataFolder;
            return environment;
        }

        environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        environment["LANG"] = "C.UTF-8";
        environment["HOME"] = dataFolder;
        return environment;
    }
}
