using System.Runtime.Versioning;
using Holdfast.Platform;
using Holdfast.Platform.Windows.Settings;

namespace Holdfast.Cli.Doctor.Windows;

/// <summary>Whether this is a Windows that Holdfast is made for, and whether who asks may change its services.</summary>
internal static class WindowsCheck
{
    /// <summary>Windows Server 2019, the oldest that everything here is written for.</summary>
    private const int LeastBuild = 17763;

    /// <summary>What Windows says of itself to whoever asks.</summary>
    /// <param name="Product">Null: it has no name.</param>
    internal sealed record Facts(string? Product, Version Version, string Account, bool IsElevated);

    [SupportedOSPlatform("windows")]
    public static Task<IReadOnlyList<Finding>> RunAsync(CliContext cli, CancellationToken cancel) => Task.FromResult<IReadOnlyList<Finding>>(
        [.. Judge(new(WindowsSettings.ProductName, Environment.OSVersion.Version, AccountDirectory.Current().Name, Environment.IsPrivilegedProcess))]);

    internal static IEnumerable<Finding> Judge(Facts facts)
    {
        var name = $"{facts.Product ?? "Windows"}, build {facts.Version.Build}";
        yield return facts.Version.Major >= 10 && facts.Version.Build >= LeastBuild
            ? new(Verdict.Good, $"This is {name}")
            : new(Verdict.Broken, $"This is {name}: older than Windows Server 2019 (build {LeastBuild}), so processes are perhaps not kept together", "use Windows Server 2019 or later");
        yield return facts.IsElevated
            ? new(Verdict.Good, $"{facts.Account} is elevated: it may install and change services")
            : new(Verdict.Lacking, $"{facts.Account} is not elevated: Windows lets it install and change no service, and what is below may not be seen in full", "run it in an elevated console (Run as administrator)");
    }
}
