namespace Holdfast.Core.NativeServices.Importing;

/// <summary>A value of a registry export: exactly one of its forms is set.</summary>
public sealed record RegistryValue
{
    /// <summary>REG_SZ and REG_EXPAND_SZ.</summary>
    public string? Text { get; init; }

    /// <summary>REG_DWORD.</summary>
    public uint? Number { get; init; }

    /// <summary>REG_MULTI_SZ.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>Anything else.</summary>
    public IReadOnlyList<byte>? Bytes { get; init; }

    public override string ToString() => Text ?? (Number is { } number ? $"{number}" : Texts is { } texts ? string.Join(", ", texts) : $"{Bytes?.Count} bytes");
}
