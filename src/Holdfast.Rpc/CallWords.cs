namespace Holdfast.Rpc;

/// <summary>What the API of a node takes beside the messages of a call.</summary>
public static class CallWords
{
    /// <summary>Why the caller wants it, in UTF-8: it is in the record of what comes of it. Any call may have it.</summary>
    public const string Why = "holdfast-why-bin";
}
