namespace Holdfast.Core.Sources;

/// <summary>What came of a look at the folders.</summary>
/// <param name="Lost">To be told before anything else is read.</param>
/// <param name="HasChanged">Which files they are, or which content is theirs: it must be on the disk before anything else is read.</param>
/// <param name="NotFollowed">Files that would be read if there were fewer.</param>
public sealed record FollowStep(FollowState State, IReadOnlyList<FileLoss> Lost, bool HasChanged, int NotFollowed);
