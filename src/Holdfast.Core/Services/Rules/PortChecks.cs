using Holdfast.Core.Services.Reading;

namespace Holdfast.Core.Services.Rules;

internal static class PortChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        foreach (var same in spec.Ports.Where(port => port.Value is not null).GroupBy(port => port.Value))
        {
            var inOrder = same.OrderBy(port => reading.PlaceOf($"ports.{port.Key}").Line).ThenBy(port => reading.PlaceOf($"ports.{port.Key}").Column).ToList();
            foreach (var port in inOrder.Skip(1))
                reading.Report($"ports.{port.Key}", new(SpecRules.PortTwice, $"{same.Key} is also port `{inOrder[0].Key}`", "only one of them could listen", "choose another number, or `auto`"));
        }
    }
}
