namespace Holdfast.Core.Services;

/// <summary>How a hot standby is told that it leads. Exactly one of Hook, Signal and Http is set.</summary>
public sealed record PromoteSpec
{
    public HookSpec? Hook { get; init; }

    /// <summary>Name without SIG.</summary>
    public string? Signal { get; init; }

    public PromoteHttp? Http { get; init; }

    /// <summary>How long a request may take; a hook has a time-out of its own.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}
