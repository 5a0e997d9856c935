using System.Diagnostics.CodeAnalysis;

namespace Holdfast.Core.Problems;

/// <summary>Either a value, or all the problems that stand in its way: never both, never neither.</summary>
public sealed class Outcome<T>
{
    private readonly T? value;

    private Outcome(T? value, IReadOnlyList<Problem> problems)
    {
        this.value = value;
        Problems = problems;
    }

    /// <summary>Empty when there is a value.</summary>
    public IReadOnlyList<Problem> Problems { get; }

    public bool IsOk => Problems.Count == 0;

    /// <summary>The value; asking for it when there are problems is a bug.</summary>
    public T Value => IsOk ? value! : throw new InvalidOperationException("No value: " + string.Join("; ", Problems));

    public bool TryGet([MaybeNullWhen(false)] out T result)
    {
        result = value;
        return IsOk;
    }

    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        return IsOk ? next(value!) : new Outcome<TNext>(default, Problems);
    }

    public static implicit operator Outcome<T>(T value) => new(value, []);

    public static implicit operator Outcome<T>(Problem problem) => new(default, [problem]);

    public static implicit operator Outcome<T>(List<Problem> problems) => FromProblems(problems);

    public static implicit operator Outcome<T>(Problem[] problems) => FromProblems(problems);

    internal static Outcome<T> FromProblems(IReadOnlyList<Problem> problems) =>
        problems.Count > 0 ? new(default, problems) : throw new ArgumentException("A failure needs a problem.", nameof(problems));
}

/// <summary>The value of an outcome that has none to give: it was done.</summary>
public readonly record struct Done;

/// <summary>Ways to make an <see cref="Outcome{T}"/> where the conversions do not reach.</summary>
public static class Outcome
{
    public static Outcome<Done> Done { get; } = default(Done);

    public static Outcome<T> Of<T>(T value) => value;

    public static Outcome<T> Failed<T>(IReadOnlyList<Problem> problems) => Outcome<T>.FromProblems(problems);
}
