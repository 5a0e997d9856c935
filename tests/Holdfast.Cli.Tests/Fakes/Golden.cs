namespace Holdfast.Cli.Tests.Fakes;

/// <summary>Compares with the files in golden/. With HOLDFAST_UPDATE_GOLDEN=1 it writes them instead: read the difference before you commit it.</summary>
internal static class Golden
{
    public static void Check(string name, string text)
    {
        var file = Path.Combine(Folder(), name);
        if (Environment.GetEnvironmentVariable("HOLDFAST_UPDATE_GOLDEN") == "1") File.WriteAllText(file, text);
        Assert.Equal(File.ReadAllText(file), text);
    }

    /// <summary>A file that others wrote, in samples/.</summary>
    public static string Sample(string name) => Path.Combine(Path.GetDirectoryName(Folder())!, "samples", name);

    // Builds map source paths to "/_/", so the folder is found from where the test runs.
    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var golden = Path.Combine(folder.FullName, "tests", "Holdfast.Cli.Tests", "golden");
            if (Directory.Exists(golden)) return golden;
        }

        throw new DirectoryNotFoundException("No tests/Holdfast.Cli.Tests/golden above " + AppContext.BaseDirectory);
    }
}
