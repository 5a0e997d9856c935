using Holdfast.Core.Services.Units;

namespace Holdfast.Core.NativeServices;

/// <summary>What somebody has changed behind our back, or what a new release wants otherwise.</summary>
public static class ConfigDrift
{
    /// <param name="unknown">Settings that the SCM did not tell: they are not compared.</param>
    /// <returns>In the order of <see cref="NativeSetting"/>; empty: the two are the same.</returns>
    public static IReadOnlyList<ConfigDifference> Between(NativeServiceConfig wanted, NativeServiceConfig found, IReadOnlyCollection<NativeSetting> unknown)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(found);
        return [.. Enum.GetValues<NativeSetting>()
            .Where(setting => !unknown.Contains(setting) && !Same(setting, wanted, found))
            .Select(setting => new ConfigDifference(setting, Words(setting, wanted), Words(setting, found)))];
    }

    private static bool Same(NativeSetting setting, NativeServiceConfig one, NativeServiceConfig other) => setting switch
    {
        NativeSetting.Account => ScmAccount.Same(one.Account, other.Account),
        NativeSetting.CommandLine => one.CommandLine.Equals(other.CommandLine, StringComparison.OrdinalIgnoreCase),
        // An empty description and none are one to the SCM.
        NativeSetting.Description => (one.Description ?? "") == (other.Description ?? ""),
        NativeSetting.Dependencies => Folded(one.Dependencies).SequenceEqual(Folded(other.Dependencies)),
        NativeSetting.RequiredPrivileges => (one.RequiredPrivileges is null) == (other.RequiredPrivileges is null)
            && Folded(one.RequiredPrivileges ?? []).SequenceEqual(Folded(other.RequiredPrivileges ?? [])),
        NativeSetting.Rights => one.Rights.IsSame(other.Rights),
        _ => Words(setting, one) == Words(setting, other),
    };

    private static IEnumerable<string> Folded(IReadOnlyList<string> names) => names.Select(name => name.ToUpperInvariant()).Order(StringComparer.Ordinal);

    private static string Words(NativeSetting setting, NativeServiceConfig config) => setting switch
    {
        NativeSetting.DisplayName => config.DisplayName,
        NativeSetting.Description => config.Description is { Length: > 0 } text ? text : "none",
        NativeSetting.CommandLine => config.CommandLine,
        NativeSetting.StartType => NativeSettingWords.Of(config.StartType),
        NativeSetting.Account => ScmAccount.Canonical(config.Account),
        NativeSetting.Dependencies => Listed(config.Dependencies),
        NativeSetting.Recovery => Words(config.Recovery),
        NativeSetting.OnErrorStops => config.Recovery.OnErrorStops ? "on" : "off",
        NativeSetting.PreshutdownTimeout => DurationText.Format(config.PreshutdownTimeout),
        NativeSetting.ServiceSid => NativeSettingWords.Of(config.ServiceSid),
        NativeSetting.Rights => config.Rights.ToString(),
        _ => config.RequiredPrivileges is { } privileges ? Listed(privileges) : "not restricted",
    };

    private static string Words(RecoverySettings recovery)
    {
        if (recovery.Actions.Count == 0) return "no action";
        var actions = recovery.Actions.Select(action => $"{Word(action.Kind)} after {DurationText.Format(action.After)}");
        var reset = recovery.ResetAfter is { } after ? $"reset after {DurationText.Format(after)}" : "never reset";
        return string.Join(", ", actions) + "; " + reset + (recovery.Command is { Length: > 0 } command ? $"; runs {command}" : "");
    }

    private static string Word(RecoveryKind kind) => kind switch
    {
        RecoveryKind.None => "nothing",
        RecoveryKind.Restart => "restart",
        RecoveryKind.Reboot => "reboot",
        _ => "run",
    };

    private static string Listed(IReadOnlyList<string> names) => names.Count == 0 ? "none" : string.Join(", ", names);
}
