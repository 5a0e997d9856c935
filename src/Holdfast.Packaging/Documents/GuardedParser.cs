using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Holdfast.Packaging.Documents;

/// <summary>
/// The library's parser answers some damaged texts with an exception that is not its own for syntax (InvalidOperationException from
/// its scanner, mostly) or by ending before the end. They are syntax errors all the same, and this is the one place that says so.
/// </summary>
internal sealed class GuardedParser : IParser
{
    private readonly Scanner scanner;
    private readonly Parser parser;

    public GuardedParser(string text)
    {
        scanner = new(new StringReader(text));
        parser = new(scanner);
    }

    public ParsingEvent? Current => parser.Current;

    public bool MoveNext()
    {
        try
        {
            var wasLast = parser.Current is StreamEnd;
            var moved = parser.MoveNext();
            return moved || wasLast ? moved : throw Damaged(null);
        }
        catch (Exception failure) when (failure is not (YamlException or OutOfMemoryException))
        {
            throw Damaged(failure);
        }
    }

    private YamlException Damaged(Exception? failure) =>
        new(scanner.CurrentPosition, scanner.CurrentPosition, "it cannot be taken apart here", failure!);
}
