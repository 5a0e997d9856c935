using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

/// <summary>The rules that look at more than one key. They run on what could be read, and hold their tongue where their input was refused already.</summary>
internal static class SpecChecks
{
    public static IReadOnlyList<Action<ServiceSpec, SpecReading>> All { get; } =
    [
        PortChecks.Check,
        ProbeChecks.Check,
        VariableChecks.Check,
        ReadyChecks.Check,
        RestartChecks.Check,
        ReloadChecks.Check,
        AfterChecks.Check,
        SecretChecks.Check,
        PlacementChecks.Check,
        WindowsChecks.Check,
        StopBudgetChecks.Check,
        OutputChecks.Check,
        OpenChecks.Check,
    ];
}
