using System.Buffers.Binary;
using Holdfast.Core.Services;

namespace Holdfast.Core.NativeServices.Importing;

/// <summary>What the SCM itself keeps of a service in its registry key.</summary>
internal static class RegistryService
{
    /// <summary>Of SERVICE_FAILURE_ACTIONS as the registry keeps it: five numbers, then pairs of an action and its delay.</summary>
    private const int FailureHeaderBytes = 20;

    public static void Take(ImportTurn turn, Dictionary<string, RegistryValue> values)
    {
        var windows = turn.Windows with
        {
            DisplayName = Text("DisplayName") ?? turn.Windows.DisplayName,
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
        TakeRecovery(turn, values);

        string? Text(string name) => values.GetValueOrDefault(name)?.Text;

        uint? Number(string name) => values.GetValueOrDefault(name)?.Number;
    }

    private static void TakeRecovery(ImportTurn turn, Dictionary<string, RegistryValue> values)
    {
        if (values.GetValueOrDefault("FailureActionsOnNonCrashFailures")?.Number == 1)
            turn.Note("FailureActionsOnNonCrashFailures", "is off here: what `restart` has given up stays down (`windows.recovery.onErrorStops` puts it on)");
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
                ResetAfter = reset == uint.MaxValue ? null : TimeSpan.FromSeconds(reset),
                Command = values.GetValueOrDefault("FailureCommand")?.Text,
            },
        };

        uint Number(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));
    }
}
