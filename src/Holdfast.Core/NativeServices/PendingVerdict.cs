namespace Holdfast.Core.NativeServices;

/// <summary>What somebody who waits for a service may conclude from its status.</summary>
public abstract record PendingVerdict
{
    private PendingVerdict()
    {
    }

    /// <summary>It is where it was to go.</summary>
    public sealed record Reached : PendingVerdict;

    /// <summary>It makes progress, or still may.</summary>
    /// <param name="Until">Without another checkpoint by then it is stuck.</param>
    public sealed record Waiting(TimeSpan Until) : PendingVerdict;

    /// <summary>It has promised progress, and made none.</summary>
    public sealed record Stuck(NativeStatus Status, TimeSpan For) : PendingVerdict;

    /// <summary>It has come to rest elsewhere: it will not get there by itself.</summary>
    public sealed record Elsewhere(NativeStatus Status) : PendingVerdict;
}
