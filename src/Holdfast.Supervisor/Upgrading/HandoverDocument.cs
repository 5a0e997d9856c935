using System.Security.Cryptography;
using System.Text.Json;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision.Handovers;
using Holdfast.Platform;

namespace Holdfast.Supervisor.Upgrading;

/// <summary>A handover as bytes.</summary>
internal static class HandoverDocument
{
    public static byte[] Write(SupervisorHandover handover) => JsonSerializer.SerializeToUtf8Bytes(handover, HandoverJson.Default.SupervisorHandover);

    /// <summary>What it says, if this build can take it over.</summary>
    public static Outcome<SupervisorHandover> Read(byte[] document)
    {
        try
        {
            var handover = JsonSerializer.Deserialize(document, HandoverJson.Default.SupervisorHandover);
            if (handover is null) return NotUnderstood("it is empty");
            return handover.WhyNot(BootClock.BootId) is { } why ? NotUnderstood(why) : handover;
        }
        catch (Exception failure) when (failure is JsonException or NotSupportedException)
        {
            return NotUnderstood(failure.Message);
        }
    }

    public static string DigestOf(byte[] document) => Convert.ToHexStringLower(SHA256.HashData(document));

    private static Problem NotUnderstood(string why) => new(ProblemKind.Refused, "upgrade.not-understood", "what the running supervisor hands over is not understood") { Why = why };
}
