using Holdfast.Core.Problems;

namespace Holdfast.Storage;

/// <summary>What no store takes, found before anything is sent or begun: the same answer from every implementation.</summary>
public static class TransactionCheck
{
    /// <summary>Null when the transaction is well formed.</summary>
    public static Problem? Find(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var why = RequestId(transaction.RequestId)
            ?? Steps("compares", transaction.If.Count)
            ?? transaction.If.Select(c => Key(c.Key)).FirstOrDefault(w => w is not null)
            ?? Branch(transaction.Then)
            ?? Branch(transaction.Else)
            ?? Size(transaction);
        return why is null ? null : StoreProblem.TransactionInvalid(why);
    }

    private static string? RequestId(string id) =>
        id.Length is 0 or > StoreLimits.RequestIdCharacters ? $"its request id has {id.Length} characters, and 1 to {StoreLimits.RequestIdCharacters} are allowed" : null;

    private static string? Steps(string what, int count) =>
        count > StoreLimits.Steps ? $"it has {count} {what}, and {StoreLimits.Steps} are allowed" : null;

    private static string? Key(Bytes key) =>
        key.Length is 0 or > StoreLimits.KeyBytes ? $"a key has {key.Length} bytes, and 1 to {StoreLimits.KeyBytes} are allowed" : null;

    private static string? Branch(IReadOnlyList<Operation> steps)
    {
        var puts = new HashSet<Bytes>();
        foreach (var put in steps.OfType<Operation.Put>())
        {
            if (Key(put.Key) is { } why)
                return why;
            if (!puts.Add(put.Key))
                return $"key {put.Key} is put twice";
        }

        foreach (var delete in steps.OfType<Operation.Delete>())
        {
            if (puts.FirstOrDefault(delete.Keys.Contains) is { Length: > 0 } key)
                return $"key {key} is both put and deleted";
        }

        return Steps("steps", steps.Count);
    }

    private static string? Size(Transaction transaction)
    {
        var bytes = transaction.If.Sum(c => (long)c.Key.Length + (c is Compare.Value v ? v.Content.Length : 0))
            + transaction.Then.Concat(transaction.Else).OfType<Operation.Put>().Sum(p => (long)p.Key.Length + p.Value.Length);
        return bytes > StoreLimits.TransactionBytes ? $"its keys and values have {bytes} bytes, and {StoreLimits.TransactionBytes} are allowed" : null;
    }
}
