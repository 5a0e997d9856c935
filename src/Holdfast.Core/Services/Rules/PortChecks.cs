using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

internal static class PortChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        foreach (var same in spec.Ports.Where(port => port.Value is not null).GroupBy(port => port.Value))
        {
            foreach (var port in same.Skip(1))
                reading.Report($"ports.{port.Key}", new(SpecRules.PortTwice, $"{same.Key} is also port `{same.First().Key}`", "only one of them could listen", "choose another number, or `auto`"));
        }
    }
}
