namespace Holdfast.Packaging.Tests;

/// <summary>Files of the repository that a test compares with what the product makes. HOLDFAST_UPDATE_GOLDEN=1 writes them instead: read the difference before you commit it.</summary>
internal static class Golden
{
    public static string Root { get; } = FindRoot();

    public static void Check(string path, string actual)
    {
        var file = Path.Combine(Root, path);
        if (Environment.GetEnvironmentVariable("HOLDFAST_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
            return;
        }

        Assert.True(File.Exists(file), $"{path} is missing: run this test with HOLDFAST_UPDATE_GOLDEN=1 and read what it writes.");
        var expected = File.ReadAllText(file).ReplaceLineEndings("\n");
        Assert.True(expected == actual, $"{path} is not what the product makes. If the change is meant, run this test with HOLDFAST_UPDATE_GOLDEN=1 and commit the difference.\n--- made:\n{actual}");
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside of the repository.");
    }
}
