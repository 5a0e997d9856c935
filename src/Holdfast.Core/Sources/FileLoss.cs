namespace Holdfast.Core.Sources;

/// <summary>What was known to stand in a file and cannot be read any more.</summary>
/// <param name="File">As it was followed: its offset is where the loss begins.</param>
/// <param name="Bytes">So many at least.</param>
/// <param name="Reason">In words.</param>
public sealed record FileLoss(FollowedFile File, long Bytes, string Reason);
