using System.Globalization;

namespace Holdfast.Windows.Selftest.Patients;

/// <summary>
/// What a test's service does, in words: <c>start:5x200 ready stop:3x100</c> makes five steps of 200 ms and is ready, and stops in three of
/// 100 ms. In place of ready: <c>fail:3</c> (given up, its exit code 3), <c>die</c> (the host itself), <c>stand</c> (nothing more ever happens).
/// With <c>pause</c> it can be paused, with <c>reload</c> it can reload.
/// </summary>
internal sealed record ServiceScript
{
    public int StartSteps { get; private init; }

    public TimeSpan StartGap { get; private init; }

    public int StopSteps { get; private init; }

    public TimeSpan StopGap { get; private init; }

    public string Outcome { get; private init; } = "ready";

    public int FailCode { get; private init; }

    public bool CanPause { get; private init; }

    public bool CanReload { get; private init; }

    public static ServiceScript Read(string text)
    {
        var script = new ServiceScript();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.Split(':', 'x');
            script = parts[0] switch
            {
                "start" => script with { StartSteps = Number(parts[1]), StartGap = TimeSpan.FromMilliseconds(Number(parts[2])) },
                "stop" => script with { StopSteps = Number(parts[1]), StopGap = TimeSpan.FromMilliseconds(Number(parts[2])) },
                "fail" => script with { Outcome = "fail", FailCode = Number(parts[1]) },
                "pause" => script with { CanPause = true },
                "reload" => script with { CanReload = true },
                _ => script with { Outcome = parts[0] },
            };
        }

        return script;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
