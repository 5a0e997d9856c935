using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Rules;

internal static class OutputChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        var output = spec.Output;
        if (output.KeepBytes < output.RotateBytes && reading.Sound("output.keep.size", "output.rotate.size"))
            Report("size", SizeText.Format(output.KeepBytes), SizeText.Format(output.RotateBytes));
        if (output.KeepAge < output.RotateAge && reading.Sound("output.keep.age", "output.rotate.age"))
            Report("age", DurationText.Format(output.KeepAge), DurationText.Format(output.RotateAge));

        void Report(string key, string keep, string rotate)
        {
            var path = reading.Has($"output.keep.{key}") ? $"output.keep.{key}" : $"output.rotate.{key}";
            reading.Report(path, new(SpecRules.OutputKeep, $"keeps {keep}, and a segment takes up to {rotate}", "only whole segments are removed", "lower `rotate`, or raise `keep`"));
        }
    }
}
