namespace Holdfast.Core.Services;

/// <summary>How a service pauses and goes on. Exactly one of Hooks, Http and Suspend is set.</summary>
public sealed record PauseSpec
{
    public PauseHooks? Hooks { get; init; }

    public PauseHttp? Http { get; init; }

    /// <summary>All of its processes are suspended; they are not asked.</summary>
    public bool Suspend { get; init; }

    /// <summary>How long a pause by HTTP or suspension may take; hooks have time-outs of their own.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
