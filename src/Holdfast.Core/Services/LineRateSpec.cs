namespace Holdfast.Core.Services;

/// <summary>How many lines a service may write. What is beyond is as what the disk does not take: <see cref="OutputSpec.OnFull"/> says what becomes of it.</summary>
public sealed record LineRateSpec
{
    /// <summary>A second, over time; null: any number.</summary>
    public int? Lines { get; init; }

    /// <summary>At once; null: ten seconds' worth.</summary>
    public int? Burst { get; init; }
}
