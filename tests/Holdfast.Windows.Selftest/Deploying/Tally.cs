namespace Holdfast.Windows.Selftest.Deploying;

/// <summary>The service in tally/: Go with C, compiled for Windows by mingw-w64.</summary>
internal static class Tally
{
    public const string Name = "deploying/tally.exe";
    public const string Made = "golang-go and gcc-mingw-w64-x86-64";

    public static string File => Path.Combine(AppContext.BaseDirectory, Name);
}
