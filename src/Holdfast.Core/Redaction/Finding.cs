namespace Holdfast.Core.Redaction;

/// <summary>Bytes that a rule wants unreadable.</summary>
/// <param name="Counts">False for what goes on with an earlier finding: the second and later lines of a key.</param>
internal readonly record struct Finding(int Start, int End, string Rule, bool Counts = true) : IComparable<Finding>
{
    public int CompareTo(Finding other) => Start != other.Start ? Start.CompareTo(other.Start) : other.End.CompareTo(End);
}
