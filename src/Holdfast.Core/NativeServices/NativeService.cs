namespace Holdfast.Core.NativeServices;

/// <summary>Everything that is known of a native service at one moment. Immutable; <see cref="NativeServiceMachine.Step"/> makes the next one.</summary>
public sealed record NativeService
{
    public required NativeServicePlan Plan { get; init; }

    public required NativePhase Phase { get; init; }

    /// <summary>What the SCM was told last.</summary>
    public required NativeStatus Reported { get; init; }

    /// <summary>One sentence: why it is where it is. Never empty.</summary>
    public required string Reason { get; init; }

    /// <summary>The next moment at which <see cref="NativeInput.TimePassed"/> is due, on the clock of the moments given; null: none.</summary>
    public TimeSpan? NextDue => Phase.Due;
}
