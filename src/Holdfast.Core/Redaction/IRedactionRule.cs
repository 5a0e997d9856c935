namespace Holdfast.Core.Redaction;

/// <summary>Finds what must not be readable in whole lines of UTF-8. A finding never holds a newline.</summary>
/// <remarks>It runs over every byte that is captured: what finds nothing must cost next to nothing.</remarks>
internal interface IRedactionRule
{
    void Find(ReadOnlySpan<byte> lines, List<Finding> findings);
}
