using System.Runtime.Versioning;
using System.Security;
using Holdfast.Core.Problems;
using Microsoft.Win32;

namespace Holdfast.Platform.Windows.Services;

/// <summary>
/// Which services the SCM tells of the machine's end first: those of this list one after the other, then all others at once. The agent is in it, or its supervisor would be told at the same
/// moment and stop what the agent is about to hand over. Names of others, and their order, stay.
/// </summary>
[SupportedOSPlatform("windows")]
public static class PreshutdownOrder
{
    private const string Control = @"SYSTEM\CurrentControlSet\Control", Value = "PreshutdownOrder";

    public static IReadOnlyList<string> Read()
    {
        using var key = Registry.LocalMachine.OpenSubKey(Control);
        return key?.GetValue(Value) as string[] ?? [];
    }

    /// <summary>Done also where it is in it. Problems: <c>scm.preshutdown-order</c>.</summary>
    public static Outcome<Done> Add(string service) => Change(list => list.Contains(service, StringComparer.OrdinalIgnoreCase) ? list : [.. list, service]);

    /// <summary>Done also where it is not in it. Problems: <c>scm.preshutdown-order</c>.</summary>
    public static Outcome<Done> Remove(string service) => Change(list => [.. list.Where(name => !string.Equals(name, service, StringComparison.OrdinalIgnoreCase))]);

    private static Outcome<Done> Change(Func<IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        try
        {
            var before = Read();
            var after = change(before);
            if (after.SequenceEqual(before)) return Outcome.Done;
            using var key = Registry.LocalMachine.CreateSubKey(Control);
            key.SetValue(Value, after.ToArray(), RegistryValueKind.MultiString);
            return Outcome.Done;
        }
        catch (Exception failure) when (failure is SecurityException or UnauthorizedAccessException or IOException)
        {
            return new Problem(ProblemKind.Failed, "scm.preshutdown-order", "The order in which Windows tells services of its end could not be changed.") { Why = failure.Message, Mend = "run it in an elevated console" };
        }
    }
}
