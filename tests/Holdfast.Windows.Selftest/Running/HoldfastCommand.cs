using System.Diagnostics;

namespace Holdfast.Windows.Selftest.Running;

/// <summary>The real holdfast.exe, which lies beside this program.</summary>
internal static class HoldfastCommand
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="input">Null: its standard input is empty.</param>
    public static Answer Run(string home, string? input, params string[] arguments)
    {
        using var process = StartedProcess.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "holdfast.exe"), ["--home", home, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        if (input is not null) process.StandardInput.Write(input);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, errors.GetAwaiter().GetResult());
    }
}

internal sealed record Answer(int Code, string Output, string Error);
