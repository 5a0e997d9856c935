using Holdfast.Core.Supervision;

namespace Holdfast.Core.NativeServices;

/// <summary>Why nothing of the instance runs any more, and nothing will by itself.</summary>
public abstract record NativeEnd
{
    private NativeEnd()
    {
    }

    /// <summary>It was to end. Which code it ended with says nothing then.</summary>
    public sealed record Wanted : NativeEnd;

    /// <summary>Its work is done.</summary>
    public sealed record Completed : NativeEnd;

    /// <summary>Law 5 has given it up, or law 1 has refused it.</summary>
    /// <param name="Exit">How its process ended last; null: there was none.</param>
    public sealed record Failed(ExitInfo? Exit) : NativeEnd;
}
