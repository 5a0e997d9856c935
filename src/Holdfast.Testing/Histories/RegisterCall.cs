namespace Holdfast.Testing.Histories;

/// <summary>What is done to one key, and what was answered: the least that a store must get right for leadership to hold.</summary>
public abstract record RegisterCall
{
    private RegisterCall()
    {
    }

    /// <param name="Saw">Null: there was none.</param>
    public sealed record Read(string? Saw) : RegisterCall;

    public sealed record Write(string Value) : RegisterCall;

    /// <param name="Succeeded">Null: its answer was lost.</param>
    public sealed record Swap(string Old, string New, bool? Succeeded) : RegisterCall;

    /// <summary>The register of one key that does it all in order. Null: it would not have answered that.</summary>
    public static Register? Step(Register register, RegisterCall call)
    {
        ArgumentNullException.ThrowIfNull(register);
        return call switch
        {
            Read read => read.Saw == register.Value ? register : null,
            Write write => new Register(write.Value),
            Swap { Succeeded: null } swap => swap.Old == register.Value ? new Register(swap.New) : register,
            Swap swap when swap.Succeeded != (swap.Old == register.Value) => null,
            Swap { Succeeded: true } swap => new Register(swap.New),
            Swap => register,
            _ => throw new InvalidOperationException($"Unknown call {call}."),
        };
    }
}

/// <param name="Value">Null: it has none yet.</param>
public sealed record Register(string? Value);
