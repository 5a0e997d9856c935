namespace Holdfast.Storage;

/// <summary>A step of a transaction. The steps of a branch run in order, and later ones see what earlier ones did.</summary>
public abstract record Operation
{
    private Operation()
    {
    }

    /// <param name="Lease">The key is deleted when this lease ends; 0: it stays. Each put names it anew.</param>
    public sealed record Put(Bytes Key, Bytes Value, long Lease = 0) : Operation;

    public sealed record Delete(KeyRange Keys) : Operation
    {
        public Delete(Bytes key)
            : this(KeyRange.Single(key))
        {
        }
    }

    /// <param name="Limit">At most so many keys; 0: all.</param>
    public sealed record Get(KeyRange Keys, int Limit = 0) : Operation;
}

/// <summary>What a step of a transaction gave.</summary>
public abstract record OperationResult
{
    private OperationResult()
    {
    }

    public sealed record Put : OperationResult;

    /// <param name="Count">How many keys were there to delete.</param>
    public sealed record Deleted(long Count) : OperationResult;

    public sealed record Got(IReadOnlyList<KeyValue> Items) : OperationResult;
}
