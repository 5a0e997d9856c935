using System.Diagnostics;

namespace Holdfast.Packaging.Tests.Kit;

/// <summary>The independent judge: the openssl program.</summary>
public static class Openssl
{
    public static (int ExitCode, string Output) Run(params string[] arguments)
    {
        ProcessStartInfo start = new("openssl", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }
}
