using System.Globalization;
using Holdfast.Core.Supervision;
using Holdfast.Platform;
using Holdfast.Supervisor.Guarding;

namespace Holdfast.Supervisor;

/// <summary>What follows <c>run</c> and <c>guard</c> on the command line.</summary>
/// <param name="Guard">The process that guards this supervisor; null: a service manager does, or nobody.</param>
/// <param name="Of">The supervisor that this guard finds running.</param>
/// <param name="Unit">The service manager's unit that this is.</param>
/// <param name="OwnAccount">It runs under its service's account, which must not have the node key.</param>
/// <param name="TakeOver">A descriptor that this process's earlier image left.</param>
internal sealed record SupervisorArguments(SupervisorPlace Place, (int Pid, long CreationTime)? Guard, (int Pid, long CreationTime)? Of, int? TakeOver, string? Unit = null, bool OwnAccount = false)
{
    /// <summary>The last word, where it is there.</summary>
    public const string OwnAccountWord = "--own-account";

    /// <summary>Null: it is not understood.</summary>
    public static SupervisorArguments? Parse(ReadOnlySpan<string> words)
    {
        string? home = null;
        var given = new SupervisorArguments(new SupervisorPlace(new Home("")), null, null, null);
        if (words is [.. var before, OwnAccountWord])
        {
            given = given with { OwnAccount = true };
            words = before;
        }

        for (; words is [var option, { Length: > 0 } value, ..]; words = words[2..])
        {
            switch (option)
            {
                case "--home" when home is null:
                    home = value;
                    break;
                case "--service" when given.Place.IsShared && InstanceNames.IsValid(value):
                    given = given with { Place = given.Place with { Service = value } };
                    break;
                case "--guard" when ProcessName.Parse(value) is { } guard:
                    given = given with { Guard = guard };
                    break;
                case "--of" when ProcessName.Parse(value) is { } of:
                    given = given with { Of = of };
                    break;
                case "--unit":
                    given = given with { Unit = value };
                    break;
                case "--take-over" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var descriptor):
                    given = given with { TakeOver = descriptor };
                    break;
                default:
                    return null;
            }
        }

        return words.IsEmpty ? given with { Place = given.Place with { Home = Home.Find(home) } } : null;
    }
}
