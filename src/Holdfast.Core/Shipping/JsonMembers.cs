namespace Holdfast.Core.Shipping;

/// <summary>Goes over the members of a JSON object, in one pass and without an allocation. Only when it <see cref="IsWhole"/> was the text one at all.</summary>
/// <param name="text">Valid UTF-8.</param>
/// <param name="deepest">How deep objects and arrays may stand in each other, the object itself counted: 64 at most.</param>
internal ref struct JsonMembers(ReadOnlySpan<byte> text, int deepest)
{
    private readonly ReadOnlySpan<byte> text = text;
    private readonly int deepest = deepest;
    private int at;

    /// <summary>It ended as an object does, and nothing but blanks follows.</summary>
    public bool IsWhole { get; private set; }

    /// <returns>False: there is none left, or it is no JSON.</returns>
    public bool TryNext(out JsonMember member)
    {
        member = default;
        var isFirst = at == 0;
        if (isFirst && JsonText.At(text, at) != (byte)'{') return false;
        var next = JsonText.SkipBlanks(text, isFirst ? 1 : at);
        if (JsonText.At(text, next) == (byte)'}')
        {
            IsWhole = JsonText.SkipBlanks(text, next + 1) == text.Length;
            return false;
        }

        if (!isFirst)
        {
            if (JsonText.At(text, next) != (byte)',') return false;
            next = JsonText.SkipBlanks(text, next + 1);
        }

        if (JsonText.At(text, next) != (byte)'"') return false;
        var name = next + 1;
        var nameEnd = JsonText.EndOfString(text, name);
        if (nameEnd < 0) return false;
        next = JsonText.SkipBlanks(text, nameEnd + 1);
        if (JsonText.At(text, next) != (byte)':') return false;
        var value = JsonText.SkipBlanks(text, next + 1);
        at = JsonText.EndOfValue(text, value, deepest);
        if (at < 0) return false;
        member = new(name, nameEnd, value, at);
        return true;
    }
}

/// <summary>Where a member stands in its text.</summary>
/// <param name="Name">Behind the quote; escapes stand there as they are.</param>
/// <param name="NameEnd">Where the quote is that ends it.</param>
/// <param name="Value">Where it begins, with its quote, if it is a string.</param>
/// <param name="End">Behind the value.</param>
internal readonly record struct JsonMember(int Name, int NameEnd, int Value, int End)
{
    /// <summary>Nothing stands between its parts.</summary>
    public bool IsDense => Value == NameEnd + 2;
}
