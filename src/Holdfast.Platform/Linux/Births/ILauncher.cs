namespace Holdfast.Platform.Linux.Births;

/// <summary>A way to start a process in its container. Returns when the program runs, or has failed to.</summary>
internal interface ILauncher
{
    BirthWay Way { get; }

    /// <summary>What a child does not get, each with its reason.</summary>
    IReadOnlyList<string> NotEnforced { get; }

    Birth Start(BirthRequest request);
}
