using System.Text;
using Holdfast.Core.Capture;
using Holdfast.Core.Problems;
using Holdfast.Core.Redaction;
using Holdfast.Core.Services;
using Holdfast.Segments;

namespace Holdfast.Telemetry.Sources.Files;

/// <summary>What an instance's output spec means for the files that it writes.</summary>
/// <param name="Rules">What must not reach the disk.</param>
/// <param name="Policy">Of the segments.</param>
public sealed record FollowSettings(RedactionRules Rules, SegmentPolicy Policy)
{
    /// <param name="spec">Of the instance.</param>
    /// <param name="secrets">The values of the service's secrets, which must never reach the disk.</param>
    public static Outcome<FollowSettings> From(OutputSpec spec, IEnumerable<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return RedactionRules.Create(spec.Redaction, secrets).Then<FollowSettings>(rules => new FollowSettings(rules, new()
        {
            RotateBytes = spec.RotateBytes,
            RotateAge = spec.RotateAge,
            KeepBytes = spec.KeepBytes,
            KeepAge = spec.KeepAge,
            SyncBytes = 4 << 20,
        }));
    }

    /// <summary>Null: UTF-8, which needs no decoding; so it is as well with what the spec should have refused.</summary>
    internal static Encoding? Find(string encoding) => OutputEncoding.FindOfFile(encoding).TryGet(out var found) ? found : null;
}
