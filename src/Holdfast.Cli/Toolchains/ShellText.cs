using Holdfast.Delivery.Toolchains;

namespace Holdfast.Cli.Toolchains;

/// <summary>What a shell evaluates to work with a toolchain.</summary>
internal static class ShellText
{
    public const string Sh = "sh";
    public const string PowerShell = "powershell";

    /// <summary>PowerShell takes each of these for the end of a text in single quotes.</summary>
    private const string PowerShellQuotes = "'\u2018\u2019\u201A\u201B";

    /// <summary>GOROOT, PATH, and GOTOOLCHAIN=local: no other compiler takes this one's place by itself.</summary>
    public static IReadOnlyList<string> Lines(InstalledToolchain toolchain, string shell)
    {
        var bin = Path.GetDirectoryName(toolchain.Program)!;
        return shell == PowerShell
            ? ["$env:GOTOOLCHAIN = 'local'", $"$env:GOROOT = {ForPowerShell(toolchain.Root)}", $"$env:PATH = {ForPowerShell(bin)} + [IO.Path]::PathSeparator + $env:PATH"]
            : ["export GOTOOLCHAIN='local'", $"export GOROOT={ForSh(toolchain.Root)}", $"export PATH={ForSh(bin)}:\"$PATH\""];
    }

    public static string ForSh(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    public static string ForPowerShell(string text) => $"'{string.Concat(text.Select(c => PowerShellQuotes.Contains(c, StringComparison.Ordinal) ? $"{c}{c}" : $"{c}"))}'";
}
