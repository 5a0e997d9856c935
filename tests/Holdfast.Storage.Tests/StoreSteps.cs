using FsCheck;
using FsCheck.Fluent;

namespace Holdfast.Storage.Tests;

/// <summary>Something that a caller of a store does.</summary>
public abstract record StoreStep
{
    private StoreStep()
    {
    }

    /// <param name="LeaseOfPuts">Puts carry the lease with this number among those granted, if there is one.</param>
    public sealed record Commit(Transaction Transaction, int? LeaseOfPuts) : StoreStep;

    /// <param name="Back">So many revisions before now.</param>
    public sealed record Range(KeyRange Keys, int Limit, int Back) : StoreStep;

    public sealed record Watch(KeyRange Keys, int Back) : StoreStep;

    public sealed record Compact(int Back) : StoreStep;

    public sealed record Grant : StoreStep;

    public sealed record Revoke(int Lease) : StoreStep;

    public sealed record Repeat : StoreStep;

    public sealed record Reopen : StoreStep;
}

/// <summary>Random steps over a few keys, so that they meet often.</summary>
internal static class StoreSteps
{
    private static readonly string[] Keys = ["/a", "/a/1", "/a/2", "/b", "/b\u00ff", "/c"];

    private static readonly Gen<Bytes> Key = Gen.Elements(Keys).Select(Bytes.FromText);

    private static readonly Gen<Bytes> Value = Gen.Choose(0, 5).Select(n => Bytes.FromText(new string('v', n)));

    private static readonly Gen<KeyRange> Range = Gen.OneOf(
        Key.Select(KeyRange.Single),
        Key.Select(KeyRange.Prefix),
        Gen.Constant(KeyRange.All),
        Key.Two().Where(p => p.Item1 < p.Item2).Select(p => KeyRange.Between(p.Item1, p.Item2)));

    private static readonly Gen<Relation> Relation = Gen.Elements(Enum.GetValues<Relation>());

    private static readonly Gen<Compare> Condition = Gen.OneOf(
        Key.Select(Compare.Absent),
        Key.Select(Compare.Exists),
        from k in Key from r in Relation from n in Gen.Choose(0, 30) select (Compare)new Compare.ModRevision(k, r, n),
        from k in Key from r in Relation from n in Gen.Choose(0, 30) select (Compare)new Compare.CreateRevision(k, r, n),
        from k in Key from r in Relation from n in Gen.Choose(0, 4) select (Compare)new Compare.Version(k, r, n),
        from k in Key from r in Relation from v in Value select (Compare)new Compare.Value(k, r, v));

    private static readonly Gen<Operation> Operation = Gen.OneOf(
        from k in Key from v in Value select (Operation)new Operation.Put(k, v),
        from k in Key from v in Value select (Operation)new Operation.Put(k, v),
        Range.Select(r => (Operation)new Operation.Delete(r)),
        from r in Range from n in Gen.Choose(0, 3) select (Operation)new Operation.Get(r, n));

    private static readonly Gen<Transaction> Transaction =
        from conditions in Condition.ListOf().Select(l => l.Take(2).ToList())
        from then in Operation.ListOf().Select(l => l.Take(4).ToList())
        from other in Operation.ListOf().Select(l => l.Take(2).ToList())
        select new Transaction { If = conditions, Then = then, Else = other };

    private static readonly Gen<StoreStep> Step = Gen.Frequency(
        (10, from t in Transaction from l in Gen.Choose(-3, 2) select (StoreStep)new StoreStep.Commit(t, l < 0 ? null : l)),
        (4, from r in Range from n in Gen.Choose(0, 3) from b in Gen.Choose(0, 12) select (StoreStep)new StoreStep.Range(r, n, b)),
        (3, from r in Range from b in Gen.Choose(0, 12) select (StoreStep)new StoreStep.Watch(r, b)),
        (1, Gen.Choose(0, 10).Select(b => (StoreStep)new StoreStep.Compact(b))),
        (1, Gen.Constant((StoreStep)new StoreStep.Grant())),
        (1, Gen.Choose(0, 2).Select(l => (StoreStep)new StoreStep.Revoke(l))),
        (1, Gen.Constant((StoreStep)new StoreStep.Repeat())),
        (1, Gen.Constant((StoreStep)new StoreStep.Reopen())));

    public static Arbitrary<StoreStep[]> Arbitrary { get; } = Step.ArrayOf().ToArbitrary();
}
