using Holdfast.Core.Services.Reading;
using Holdfast.Core.Services.Units;

namespace Holdfast.Core.Services.Rules;

internal static class RestartChecks
{
    public static void Check(ServiceSpec spec, SpecReading reading)
    {
        CheckWindow(spec.Restart, reading);
        CheckCodes(spec.Restart, reading);
    }

    private static void CheckWindow(RestartSpec restart, SpecReading reading)
    {
        if (restart.Policy == RestartPolicy.Never || !reading.Sound("restart.delays", "restart.attempts", "restart.window", "restart.policy"))
            return;
        var milliseconds = 0.0;
        for (var i = 0; i < restart.Attempts; i++)
            milliseconds += restart.Delays[Math.Min(i, restart.Delays.Count - 1)].TotalMilliseconds;
        if (milliseconds < restart.Window.TotalMilliseconds)
            return;
        var path = reading.Has("restart.window") ? "restart.window" : reading.Has("restart.delays") ? "restart.delays" : "restart.attempts";
        reading.Report(path, new(
            SpecRules.RestartWindow,
            $"{restart.Attempts} restarts do not fit into a window of {DurationText.Format(restart.Window)}",
            $"their delays alone take {Seconds(milliseconds)}, so the limit would never be reached",
            "widen `window`, or lower `attempts` or `delays`"));
    }

    private static string Seconds(double milliseconds) =>
        milliseconds <= DurationText.Longest.TotalMilliseconds ? DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)) : "more than a hundred years";

    private static void CheckCodes(RestartSpec restart, SpecReading reading)
    {
        var seen = new Dictionary<int, string>();
        foreach (var (key, codes) in new[] { ("success", restart.SuccessCodes), ("retry", restart.RetryCodes), ("permanent", restart.PermanentCodes) })
        {
            var path = $"restart.exitCodes.{key}";
            for (var i = 0; i < codes.Count; i++)
            {
                if (seen.TryAdd(codes[i], key) || !reading.Sound(path))
                    continue;
                reading.Report(SpecPath.Item(path, i), new(SpecRules.ExitCodeTwice, $"{codes[i]} is also in `{seen[codes[i]]}`", SpecRules.ExitCodeTwice.Reason, "remove one of them"));
            }
        }
    }
}
