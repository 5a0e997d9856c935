using Holdfast.Core.NativeServices;
using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Rules;

/// <summary>Found out at deploy, not by the operator who waits in front of services.msc, nor at the first shutdown.</summary>
internal static class StopBudgetChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        if (spec.Windows is not { NativeService: true } windows || !reading.Sound("stop", "hooks", "windows.preshutdownTimeout"))
            return;
        var budget = StopBudget.Of(spec);
        if (budget.Total > NativeServiceLimits.ConsoleWaits)
        {
            var path = reading.Has("stop.timeout") ? "stop.timeout" : reading.Has("hooks") ? "hooks" : "windows.nativeService";
            reading.Report(path, new(
                SpecRules.StopBudget,
                $"a stop can take {DurationText.Format(budget.Total)}, and services.msc waits {DurationText.Format(NativeServiceLimits.ConsoleWaits)}",
                $"it adds up: {budget.Words}",
                "lower `stop.timeout` or the hooks' time-outs"));
        }
        else if (windows.PreshutdownTimeout is { } granted && granted < budget.Total)
        {
            reading.Report("windows.preshutdownTimeout", new(
                SpecRules.StopBudget,
                $"{DurationText.Format(granted)} is too short for a stop, which can take {DurationText.Format(budget.Total)}",
                $"it adds up: {budget.Words}",
                "raise it, leave it out, or lower `stop.timeout` or the hooks' time-outs"));
        }
    }
}
