namespace Holdfast.Platform.Windows.Services;

/// <summary>Windows's lists of texts: each ended by NUL, the last by one more.</summary>
internal static unsafe class MultiText
{
    /// <summary>An empty list is a lone NUL.</summary>
    public static string Join(IReadOnlyList<string> texts) => string.Concat(texts.Select(text => text + '\0')) + '\0';

    public static IReadOnlyList<string> Split(char* list)
    {
        var texts = new List<string>();
        for (var at = list; at is not null && *at != 0; at += texts[^1].Length + 1)
            texts.Add(new string(at));
        return texts;
    }
}
