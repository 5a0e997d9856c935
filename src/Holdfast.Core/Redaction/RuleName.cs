namespace Holdfast.Core.Redaction;

/// <summary>The names of the built-in rules, as they stand in specs, marks and metrics. Append only.</summary>
public static class RuleName
{
    /// <summary>Payment card numbers.</summary>
    public const string Pan = "pan";

    /// <summary>Bearer tokens and the credentials of Authorization headers.</summary>
    public const string Bearer = "bearer";

    /// <summary>Private keys in PEM.</summary>
    public const string PrivateKey = "private-key";

    /// <summary>The very values of the service's secrets. It cannot be switched off.</summary>
    public const string Secret = "secret";

    /// <summary>Those that a spec may switch off.</summary>
    public static IReadOnlyList<string> Optional { get; } = [Pan, Bearer, PrivateKey];
}
