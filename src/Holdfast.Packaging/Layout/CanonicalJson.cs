using System.Globalization;
using System.Text;

namespace Holdfast.Packaging.Layout;

/// <summary>
/// Writes JSON in its one canonical form: keys sorted by code unit, no white space, UTF-8, nothing escaped but what must be.
/// A key out of order is a bug of the caller.
/// </summary>
internal sealed class CanonicalJson
{
    private readonly StringBuilder text = new();
    private readonly Stack<string?> lastKeys = new();
    private bool needsComma;

    public CanonicalJson Object(Action members) => Enclose('{', members, '}');

    public CanonicalJson Array(Action items) => Enclose('[', items, ']');

    public CanonicalJson Key(string name)
    {
        if (lastKeys.Pop() is { } last && string.CompareOrdinal(last, name) >= 0)
            throw new InvalidOperationException($"The key {name} must not follow {last}.");
        lastKeys.Push(name);
        String(name);
        text.Append(':');
        needsComma = false;
        return this;
    }

    public CanonicalJson Member(string name, string value) => Key(name).String(value);

    public CanonicalJson Member(string name, long value) => Key(name).Number(value);

    public CanonicalJson String(string value)
    {
        Separate();
        text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\') text.Append('\\').Append(c);
            else if (c < ' ') text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else text.Append(c);
        }

        text.Append('"');
        return this;
    }

    public byte[] ToUtf8() => Encoding.UTF8.GetBytes(text.ToString());

    private CanonicalJson Number(long value)
    {
        Separate();
        text.Append(value);
        return this;
    }

    private CanonicalJson Enclose(char open, Action inside, char close)
    {
        Separate();
        text.Append(open);
        lastKeys.Push(null);
        needsComma = false;
        inside();
        lastKeys.Pop();
        text.Append(close);
        needsComma = true;
        return this;
    }

    private void Separate()
    {
        if (needsComma) text.Append(',');
        needsComma = true;
    }
}
