using System.Text;
using Holdfast.Core.Capture;
using Holdfast.Core.Problems;
using Holdfast.Core.Redaction;
using Holdfast.Core.Services;
using Holdfast.Segments;

namespace Holdfast.Supervisor.Capture;

/// <summary>What an instance's output spec means for its capture.</summary>
/// <param name="Encoding">Null: UTF-8.</param>
internal sealed record CaptureSettings(Encoding? Encoding, RedactionRules Rules, SegmentPolicy Policy, OverflowPolicy OnFull, LineRateSpec RateSpec)
{
    public static Outcome<CaptureSettings> From(OutputSpec spec, IEnumerable<string> secrets)
    {
        var encoding = OutputEncoding.Find(spec.Encoding);
        var rules = RedactionRules.Create(spec.Redaction, secrets);
        if (!encoding.IsOk || !rules.IsOk) return Outcome.Failed<CaptureSettings>([.. encoding.Problems, .. rules.Problems]);
        var policy = new SegmentPolicy
        {
            RotateBytes = spec.RotateBytes,
            RotateAge = spec.RotateAge,
            KeepBytes = spec.KeepBytes,
            KeepAge = spec.KeepAge,
            SyncBytes = CaptureLimits.MostUnsyncedBytes,
            SyncAfter = CaptureLimits.SyncAfter,
        };
        return new CaptureSettings(encoding.Value, rules.Value, policy, spec.OnFull, spec.Rate);
    }

    /// <summary>Full of what may be written at once. Null: any number may.</summary>
    public LineRate? NewRate() => RateSpec.Lines is { } lines ? new(lines, RateSpec.Burst ?? 10L * lines) : null;
}
