using Holdfast.Core.Capture;
using Holdfast.Node.Storing;
using Holdfast.Packaging.Tests.Kit;
using Holdfast.Platform;
using Holdfast.Segments;

namespace Holdfast.Node.Tests.Storing;

public sealed class OutputPolicyTests : IDisposable
{
    private const string Head = "apiVersion: holdfast/v1\nkind: OutputPolicy\n";

    private readonly Home home = new(Directory.CreateTempSubdirectory("holdfast-output-").FullName);

    public void Dispose() => Directory.Delete(home.Path, recursive: true);

    [Fact]
    public void All_of_it_is_read_and_where_nothing_is_said_it_is_as_usual()
    {
        Assert.Equal(new(new(2L << 30, null, true), true, true), Law.Ok(OutputPolicyFile.Parse(Head + "reserve: 2GiB\nundelivered: keep\nclosed: {compress: true, encrypt: true}\n", "output.yaml")));
        Assert.Equal(new(new(null, 0.125, false), false, true), Law.Ok(OutputPolicyFile.Parse(Head + "reserve: 12.5%\nclosed: {encrypt: true}\n", "output.yaml")));
        Assert.Equal(OutputPolicy.Usual, Law.Ok(OutputPolicyFile.Parse(Head, "output.yaml")));
        Assert.Equal(OutputPolicy.Usual, Law.Ok(OutputPolicyFile.Parse("", "output.yaml")));
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once_with_its_place()
    {
        var wrong = OutputPolicyFile.Parse("apiVersion: holdfast/v1\nkind: Output\nreserve: 2 gigs\nundelivered: drop\nclosed: {compres: true, encrypt: maybe}\n", "output.yaml");
        Assert.Equal(
            [(2, "policy.kind"), (3, "policy.size"), (4, "policy.word"), (5, "policy.unknown-key"), (5, "policy.word")], wrong.Problems.Select(problem => (problem.Where!.Value.Line, problem.Rule)));
        Assert.Equal("policy.size", OutputPolicyFile.Parse(Head + "reserve: 100%\n", "output.yaml").Problems.Single().Rule);
    }

    [Fact]
    public void A_key_that_was_made_is_found_again_and_what_is_no_key_is_told_with_its_line()
    {
        Assert.Empty(Law.Ok(SegmentKeyFile.Read(SegmentKeyFile.Of(home))));
        var made = Law.Ok(SegmentKeyFile.Make(home))[0];
        Assert.Equal(made.Id, Assert.Single(Law.Ok(SegmentKeyFile.Read(SegmentKeyFile.Of(home)))).Id);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(SegmentKeyFile.Of(home)));
        // Another is put before it: that is how a key is changed.
        var next = SegmentKey.New();
        File.WriteAllText(SegmentKeyFile.Of(home), $"{next.Text()}\n{made.Text()}\n");
        Assert.Equal([next.Id, made.Id], Law.Ok(SegmentKeyFile.Read(SegmentKeyFile.Of(home))).Select(key => key.Id));
        File.AppendAllText(SegmentKeyFile.Of(home), "not a key\n");
        Assert.Contains("line 3", SegmentKeyFile.Read(SegmentKeyFile.Of(home)).Problems.Single().What, StringComparison.Ordinal);
        File.WriteAllText(SegmentKeyFile.Of(home), "# nothing\n");
        Assert.Equal("output.key", SegmentKeyFile.Read(SegmentKeyFile.Of(home)).Problems.Single().Rule);
    }
}
