using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

internal static class ReloadChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        if (spec.Reload is null)
            return;
        var (signal, hook) = (reading.Has("reload.signal"), reading.Has("reload.hook"));
        if (signal && hook)
            reading.Report("reload.hook", new(SpecRules.ReloadKind, "stands beside a signal", SpecRules.ReloadKind.Reason, "remove one of them"));
        else if (!signal && !hook && reading.Sound("reload"))
            reading.Report("reload", new(SpecRules.ReloadKind, "does not say how", SpecRules.ReloadKind.Reason, "add `signal: HUP`, or `hook: {command: …}`"));
    }
}
