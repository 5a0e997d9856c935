using System.Globalization;
using System.Runtime.Versioning;
using System.Text;

namespace Holdfast.Platform.Linux.Births;

/// <summary>
/// A managed start runs a shell with our rights before it gives them up, and the program's own environment must not govern that
/// shell: LD_PRELOAD, PATH and ENV would be a way from a service's account to ours. So the variables travel under other names and get
/// their own back when the account is the service's.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class CarriedVariables
{
    private const string Prefix = "HOLDFAST_CARRY_";
    private const string Path = "/usr/sbin:/usr/bin:/sbin:/bin";

    // What a shell sets by itself, and must not pass on unless it was given.
    private static readonly string[] ofTheShell = ["PATH", "PWD", "OLDPWD", "SHLVL", "_"];

    // A shell may hold these for its own and refuse to take them back.
    private static readonly HashSet<string> unchangeable = new(["UID", "EUID", "PPID", "SHELLOPTS", "BASHOPTS"], StringComparer.Ordinal);

    /// <summary>What the first shell is given. Names that are none for a shell are not carried: it could not give them back.</summary>
    public static IEnumerable<string> Carried(IReadOnlyDictionary<string, string> environment) =>
        environment.Where(pair => IsCarried(pair.Key)).Select(pair => $"{Prefix}{pair.Key}={pair.Value}").Prepend("PATH=" + Path);

    /// <summary>Lines for the second shell.</summary>
    public static string GiveBack(IReadOnlyDictionary<string, string> environment)
    {
        var script = new StringBuilder();
        foreach (var name in ofTheShell.Where(name => !environment.ContainsKey(name)))
            script.Append(CultureInfo.InvariantCulture, $"unset {name} 2>/dev/null\n");
        foreach (var name in environment.Keys.Where(IsCarried))
            script.Append(CultureInfo.InvariantCulture, $"export {name}=\"${Prefix}{name}\"; unset {Prefix}{name}\n");
        return script.ToString();
    }

    private static bool IsCarried(string name) =>
        !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && !unchangeable.Contains(name);
}
