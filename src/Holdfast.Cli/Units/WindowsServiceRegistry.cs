using System.Runtime.Versioning;
using System.Security;
using Holdfast.Core.NativeServices.Importing;
using Holdfast.Core.Problems;
using Microsoft.Win32;

namespace Holdfast.Cli.Units;

/// <summary>The registry of this Windows.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsServiceRegistry : IServiceRegistry
{
    private const string Services = @"SYSTEM\CurrentControlSet\Services\";

    public Outcome<IReadOnlyList<RegistryKeyValues>> Read(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        try
        {
            using var key = service.Contains('\\', StringComparison.Ordinal) ? null : Registry.LocalMachine.OpenSubKey(Services + service);
            if (key is null) return new Problem(ProblemKind.NotFound, "import.no-service", $"Windows has no service {service}") { Mend = "`sc query state= all` names those that it has; names, not display names" };
            return Outcome.Of<IReadOnlyList<RegistryKeyValues>>([.. Under(key)]);
        }
        catch (Exception failure) when (failure is SecurityException or UnauthorizedAccessException or IOException)
        {
            return new Problem(ProblemKind.Refused, "import.registry", $"the registry of {service} cannot be read") { Why = failure.Message, Mend = "run it in an elevated console" };
        }
    }

    private static IEnumerable<RegistryKeyValues> Under(RegistryKey key)
    {
        yield return new(key.Name, key.GetValueNames().ToDictionary(name => name, name => ValueOf(key, name), StringComparer.OrdinalIgnoreCase));
        foreach (var name in key.GetSubKeyNames())
        {
            // Rights, which are a descriptor and no setting, are nobody's to read but the system's.
            if (name.Equals("Security", StringComparison.OrdinalIgnoreCase)) continue;
            using var below = key.OpenSubKey(name);
            if (below is null) continue;
            foreach (var one in Under(below)) yield return one;
        }
    }

    /// <summary>As it is written: what stands for a variable is not put in.</summary>
    private static RegistryValue ValueOf(RegistryKey key, string name) => key.GetValue(name, null, RegistryValueOptions.DoNotExpandEnvironmentNames) switch
    {
        string text => new() { Text = text },
        int number => new() { Number = unchecked((uint)number) },
        string[] texts => new() { Texts = texts },
        byte[] bytes => new() { Bytes = bytes },
        var other => new() { Text = other?.ToString() ?? "" },
    };
}
