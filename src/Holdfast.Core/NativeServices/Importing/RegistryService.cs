using System.Buffers.Binary;
using Holdfast.Core.Services;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>What the SCM itself keeps of a service in its registry key.</summary>
internal static class RegistryService
{
    /// <summary>Of SERVICE_FAILURE_ACTIONS as the registry keeps it: five numbers, then pairs of an action and its delay.</summary>
    private const int FailureHeaderBytes = 20;

    /// <summary>What has its counterpart, and under which key.</summary>
    public static IReadOnlyDictionary<string, string> Words { get; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        ["DisplayName"] = "windows.displayName",
        ["Description"] = "description",
        ["ObjectName"] = "user",
        ["Start"] = "install.start",
        ["DelayedAutostart"] = "install.start",
        ["DependOnService"] = "install.depends",
        ["DependOnGroup"] = "install.depends",
        ["Environment"] = "environment",
        ["PreshutdownTimeout"] = "windows.preshutdownTimeout",
        ["RequiredPrivileges"] = "windows.requiredPrivileges",
        ["ServiceSidType"] = "windows.serviceSid",
        ["FailureActions"] = "windows.recovery",
        ["FailureCommand"] = "windows.recovery.command",
    };

    private static readonly Dictionary<string, string> Otherwise = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ImagePath"] = "the wrapper itself, whose place our supervisor takes",
        ["Type"] = "a service is a process of its own here",
        ["ErrorControl"] = "Windows writes a failed start into its log, and boots on",
        ["WOW64"] = "the supervisor is a program of 64 bits; the service may be one of 32",
        ["Group"] = "a service of ours is in no load-order group",
        ["Tag"] = "a service of ours is in no load-order group",
        ["FailureActionsOnNonCrashFailures"] = "is off here: what `restart` has given up stays down (`windows.recovery.onErrorStops` puts it on)",
        ["RebootMessage"] = "nobody is told before a restart of the machine",
    };

    public static void Take(ImportTurn turn, Dictionary<string, RegistryValue> values)
    {
        var windows = turn.Windows with
        {
            DisplayName = Text("DisplayName") is { Length: > 0 } display ? display : turn.Windows.DisplayName,
            StartType = Number("Start") switch
            {
                3 => NativeStartType.Manual,
                4 => NativeStartType.Disabled,
                _ => Number("DelayedAutostart") == 1 ? NativeStartType.Delayed : NativeStartType.Automatic,
            },
            Dependencies = [.. values.GetValueOrDefault("DependOnService")?.Texts ?? [], .. (values.GetValueOrDefault("DependOnGroup")?.Texts ?? []).Select(group => "+" + group)],
        };
        if (Number("PreshutdownTimeout") is { } milliseconds and > 0) windows = windows with { PreshutdownTimeout = TimeSpan.FromMilliseconds(milliseconds) };
        if (values.GetValueOrDefault("RequiredPrivileges")?.Texts is { Count: > 0 } privileges) windows = windows with { RequiredPrivileges = privileges };
        if (Number("ServiceSidType") is { } sid)
            windows = windows with { ServiceSid = sid switch { 0 => ServiceSidType.None, 1 => ServiceSidType.Unrestricted, _ => ServiceSidType.Restricted } };
        turn.Windows = windows;
        turn.Spec = turn.Spec with { Description = Text("Description") is { Length: > 0 } description ? description : null };
        turn.Account("ObjectName", Text("ObjectName") is { Length: > 0 } account && !ScmAccount.Same(account, ScmAccount.LocalSystem) ? account : null);
        if (values.GetValueOrDefault("Environment")?.Texts is { } environment) turn.Environment("Environment", environment);
        TakeRecovery(turn, values);
        foreach (var (name, value) in values)
        {
            if (Words.TryGetValue(name, out var key)) turn.Took(name, key);
            else if (!Otherwise.TryGetValue(name, out var says)) turn.Unknown(name, value.ToString());
            else if (name != "FailureActionsOnNonCrashFailures" || value.Number == 1) turn.Note(name, says);
        }

        string? Text(string name) => values.GetValueOrDefault(name)?.Text;

        uint? Number(string name) => values.GetValueOrDefault(name)?.Number;
    }

    private static void TakeRecovery(ImportTurn turn, Dictionary<string, RegistryValue> values)
    {
        if (values.GetValueOrDefault("FailureActions")?.Bytes is not { Count: >= FailureHeaderBytes } kept) return;
        var bytes = kept.ToArray();
        var (reset, count) = (Number(0), Number(12));
        var actions = new List<RecoveryAction>();
        for (var i = 0; i < count && FailureHeaderBytes + ((i + 1) * 8) <= bytes.Length; i++)
            actions.Add(new((RecoveryKind)Math.Min(Number(FailureHeaderBytes + (i * 8)), 3), TimeSpan.FromMilliseconds(Number(FailureHeaderBytes + (i * 8) + 4))));
        turn.Windows = turn.Windows with
        {
            Recovery = new()
            {
                Actions = actions,
                // Never, which a definition has no word for, is as long as it has one for.
                ResetAfter = reset == uint.MaxValue ? DurationText.Longest : TimeSpan.FromSeconds(Math.Max(1, reset)),
                Command = values.GetValueOrDefault("FailureCommand")?.Text is { Length: > 0 } command ? command : null,
            },
        };

        uint Number(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
    }
}
