using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

internal static class AfterChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        if (!reading.Sound("after"))
            return;
        for (var i = 0; i < spec.After.Count; i++)
        {
            var service = spec.After[i].Service;
            if (service == spec.Name)
                reading.Report(SpecPath.Item("after", i), new(SpecRules.AfterItself, $"`{service}` is this service", "it would wait for itself forever", "remove it"));
            else if (spec.After.Take(i).Any(other => other.Service == service))
                reading.Report(SpecPath.Item("after", i), new(SpecRules.AfterTwice, $"`{service}` is waited for twice", SpecRules.AfterTwice.Reason, "remove one of them"));
        }
    }
}
