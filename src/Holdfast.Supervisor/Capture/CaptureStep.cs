namespace Holdfast.Supervisor.Capture;

/// <summary>What one turn of a stream came to.</summary>
public enum CaptureStep
{
    /// <summary>Something was read; there may be more.</summary>
    Read,

    /// <summary>There is nothing to read now.</summary>
    Waiting,

    /// <summary>Its output cannot be written and must not be dropped: do not read, call <see cref="CaptureStream.Retry"/> after a while.</summary>
    Held,

    /// <summary>Everything was read, to the end.</summary>
    Ended,
}
