namespace Holdfast.Rpc.Client;

/// <summary>What a caller may say about one call; the default says nothing: no headers, no deadline.</summary>
public readonly record struct CallOptions
{
    public CallOptions(CancellationToken cancel) => Cancel = cancel;

    public CallOptions(TimeSpan timeout, CancellationToken cancel)
    {
        Timeout = timeout;
        Cancel = cancel;
    }

    public Metadata? Headers { get; init; }

    /// <summary>From the start of the call to its end; null: without limit.</summary>
    public TimeSpan? Timeout { get; init; }

    public CancellationToken Cancel { get; init; }

    /// <summary>Whether what is sent is compressed with gzip. What comes back may be, whatever this says.</summary>
    public bool Compress { get; init; }

    /// <summary>
    /// Whether the call waits, until its deadline or its cancelling, for a server that cannot be reached. Otherwise it fails at once (UNAVAILABLE). Null: as the
    /// channel's service config says, and without it no.
    /// </summary>
    public bool? WaitForReady { get; init; }
}
