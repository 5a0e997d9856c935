namespace Holdfast.Rpc.Config;

/// <summary>How the methods of these names are called.</summary>
public sealed record MethodConfig
{
    /// <summary>The most specific name of all entries wins: a method's, then its service's, then the one for all.</summary>
    public required IReadOnlyList<MethodName> Names { get; init; }

    /// <summary>Longest time for a call; a call's own, if shorter, counts.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether calls wait for a server that cannot be reached; what a call says itself counts more.</summary>
    public bool? WaitForReady { get; init; }

    /// <summary>Largest message that is sent, in bytes as they go over the wire.</summary>
    public int? MaxRequestMessageBytes { get; init; }

    /// <summary>Largest message that is taken; the channel's own limit, if smaller, counts.</summary>
    public int? MaxResponseMessageBytes { get; init; }

    /// <summary>Null: no retries.</summary>
    public RetryPolicy? Retry { get; init; }
}

/// <summary>Names one method, all of a service, or all there are.</summary>
/// <param name="Service">With its package; empty: every service.</param>
/// <param name="Method">Without its service; empty: every method.</param>
public sealed record MethodName(string Service = "", string Method = "")
{
    /// <summary>As it begins a path; the same for the same methods.</summary>
    internal string Key => Service.Length == 0 ? "" : $"/{Service}/{Method}";
}
