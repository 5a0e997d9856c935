namespace Holdfast.Core.NativeServices;

/// <summary>What the machine must know of a service, and nothing more.</summary>
public sealed record NativeServicePlan
{
    /// <summary>Null: the service cannot pause, so PAUSE and CONTINUE are not accepted.</summary>
    public PauseWay? Pause { get; init; }

    /// <summary>How long a pause, or its end, may take.</summary>
    public TimeSpan PauseWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether PARAMCHANGE means something to it.</summary>
    public bool CanReload { get; init; }

    /// <summary>The longest that an orderly stop can take: hooks, drain, kill and proof (<see cref="StopBudget"/>).</summary>
    public required TimeSpan StopWithin { get; init; }

    /// <summary>What the SCM grants at PRESHUTDOWN. Null: it is not set there, so only SHUTDOWN is accepted.</summary>
    public TimeSpan? PreshutdownWithin { get; init; }

    /// <summary>What the system grants at SHUTDOWN.</summary>
    public TimeSpan ShutdownWithin { get; init; } = NativeServiceLimits.ShutdownWithin;
}
