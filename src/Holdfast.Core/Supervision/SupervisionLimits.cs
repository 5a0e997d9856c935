namespace Holdfast.Core.Supervision;

/// <summary>Every bound of the instance machine that a spec does not set.</summary>
public static class SupervisionLimits
{
    /// <summary>How long a killed container may take to become empty before it is killed again, and said.</summary>
    public static readonly TimeSpan EmptyWithin = TimeSpan.FromSeconds(5);

    /// <summary>How much time a service may ask for in one phase by EXTEND_TIMEOUT_USEC, all in all.</summary>
    public static readonly TimeSpan MostExtension = TimeSpan.FromHours(1);

    /// <summary>How soon it is looked again whether all that was suspended stands still.</summary>
    public static readonly TimeSpan StillAgainAfter = TimeSpan.FromMilliseconds(10);

    /// <summary>Characters of STATUS= that are kept.</summary>
    public const int StatusCharacters = 512;
}
