namespace Holdfast.Core.Tests.Supervision;

/// <summary>
/// The files under transcripts/ are the documents of how an instance behaves. HOLDFAST_UPDATE_GOLDEN=1 writes them anew
/// from their inputs: then read the difference, it is the change of behaviour.
/// </summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Names => new(Directory.EnumerateFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!);

    private static string Folder { get; } = Path.Combine(House.Repository.Root, "tests", "Holdfast.Core.Tests", "Supervision", "transcripts");

    [Theory]
    [MemberData(nameof(Names))]
    public void The_machine_still_does_what_the_transcript_says(string name)
    {
        var path = Path.Combine(Folder, name + ".txt");
        var written = File.ReadAllText(path);
        var played = Transcript.Play(written);
        if (Environment.GetEnvironmentVariable("HOLDFAST_UPDATE_GOLDEN") == "1") File.WriteAllText(path, played);
        else Assert.Equal(written, played);
    }

    [Fact]
    public void There_are_transcripts() => Assert.True(Names.Count >= 15);
}
