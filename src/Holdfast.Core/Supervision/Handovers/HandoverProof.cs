namespace Holdfast.Core.Supervision.Handovers;

/// <summary>
/// What a new image says after it has read a handover and made its instances of it: digest and number cannot be said without having read it.
/// </summary>
/// <param name="Version">Of the image that says it.</param>
/// <param name="Digest">SHA-256 of the handover as it was read, in hexadecimal.</param>
/// <param name="Instances">How many it would go on with.</param>
/// <param name="Problem">Why it cannot take it over; null: it can.</param>
public sealed record HandoverProof(string Version, string Digest, int Instances, string? Problem = null);
