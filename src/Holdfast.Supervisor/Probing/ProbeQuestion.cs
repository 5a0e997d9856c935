namespace Holdfast.Supervisor.Probing;

/// <summary>What is sent to a service, and what is made of its answer.</summary>
internal abstract class ProbeQuestion
{
    /// <summary>An answer that is longer is none, whatever was asked.</summary>
    public const int MostBytes = 4096;

    /// <summary>All that is sent, at once.</summary>
    public abstract ReadOnlySpan<byte> Bytes { get; }

    /// <summary>Whether what has come is enough to judge.</summary>
    public abstract bool IsEnough(ReadOnlySpan<byte> answer);

    /// <summary>Null: success. Else what is wrong, in words.</summary>
    /// <param name="answer">All that came, or the beginning of it that was enough.</param>
    public abstract string? Judge(ReadOnlySpan<byte> answer);
}
