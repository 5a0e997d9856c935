using System.Text;
using Holdfast.Packaging.Documents;

namespace Holdfast.Packaging.Tests.Documents;

/// <summary>A fuzz run with a fixed seed: whatever the text, there is a spec or there are problems, and never an exception.</summary>
public sealed class DamagedDocumentTests
{
    private const string Alphabet = "abc019 \n\n:-#{}[]\"'|>&*!%@`?,~<\t\\.$\0\r\u2028\u00e9\ud83d";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Law08_no_text_makes_the_reader_fail(int seed)
    {
        var random = new Random(seed);
        var whole = File.ReadAllText(Path.Combine(Golden.Root, "tests/Holdfast.Packaging.Tests/Services/full.yaml"));
        for (var round = 0; round < 1000; round++)
        {
            var text = round % 10 == 0 ? Noise(random, random.Next(200)) : Damaged(random, whole);
            try
            {
                var read = SpecFile.Read(text, "f", random.Next(4) == 0 ? Damaged(random, whole) : null, "v");
                Assert.True(read.IsOk || read.Problems.All(problem => problem is { Where.Line: >= 0, What.Length: > 0, Mend.Length: > 0 }));
            }
            catch (Exception failure) when (failure is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"seed {seed}, round {round}: {failure}\n{text}");
            }
        }
    }

    private static string Damaged(Random random, string whole)
    {
        var text = new StringBuilder(whole);
        for (var hits = random.Next(1, 6); hits > 0; hits--)
        {
            var at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Insert(at, Noise(random, random.Next(1, 5)));
                    break;
                case 1:
                    text.Remove(at, random.Next(1, Math.Min(30, text.Length - at) + 1));
                    break;
                case 2:
                    text[at] = Alphabet[random.Next(Alphabet.Length)];
                    break;
                default:
                    text.Insert(random.Next(text.Length), text.ToString(at, random.Next(0, Math.Min(60, text.Length - at))));
                    break;
            }
        }

        return text.ToString();
    }

    private static string Noise(Random random, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => Alphabet[random.Next(Alphabet.Length)]));
}
