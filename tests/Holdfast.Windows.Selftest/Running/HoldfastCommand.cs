using System.Diagnostics;

namespace Holdfast.Windows.Selftest.Running;

/// <summary>The real holdfast.exe, which lies beside this program.</summary>
internal static class HoldfastCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

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
        var (errors, output) = (process.StandardError.ReadToEndAsync(), process.StandardOutput.ReadToEndAsync());
        // Far more than any takes: what hangs is to be told by its name, and not by the end of all tests.
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"`holdfast {string.Join(' ', arguments)}` has not ended within {Patience.TotalSeconds:0} s");
        }

        if (!Task.WaitAll([errors, output], Patience))
            throw new TimeoutException($"`holdfast {string.Join(' ', arguments)}` has ended with {process.ExitCode}, and somebody holds its output open");
        return new(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }
}

internal sealed record Answer(int Code, string Output, string Error);
