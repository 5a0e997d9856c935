using FsCheck;
using FsCheck.Fluent;
using Holdfast.Core.Auditing;

namespace Holdfast.Telemetry.Tests.Auditing;

public sealed class AuditTamperingTests : IDisposable
{
    private readonly LogFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Law07_any_edited_byte_of_any_file_is_found()
    {
        folder.Write(20, LogFolder.Options with { FileBytes = 2000 });
        var files = folder.Files.Select(f => (Path: f, Content: File.ReadAllBytes(f))).ToList();
        Assert.True(files.Count > 2);
        var places = from file in Gen.Choose(0, files.Count - 1)
                     from at in Gen.Choose(0, files[file].Content.Length - 1)
                     from value in Gen.Choose(0, 255).Where(v => v != files[file].Content[at])
                     select (file, at, (byte)value);
        Prop.ForAll(places.ToArbitrary(), place =>
        {
            var (file, at, value) = place;
            var edited = files[file].Content.ToArray();
            edited[at] = value;
            File.WriteAllBytes(files[file].Path, edited);
            Assert.False(folder.Verify().Whole);
            File.WriteAllBytes(files[file].Path, files[file].Content);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
        Assert.True(folder.Verify().Whole, "the files are as they were");
    }

    [Fact]
    public void Law07_any_cut_of_the_end_is_found()
    {
        folder.Write(4);
        var content = File.ReadAllBytes(folder.Files[0]);
        for (var length = 0; length < content.Length; length++)
        {
            File.WriteAllBytes(folder.Files[0], content[..length]);
            Assert.Contains(folder.Verify().Findings, f => f.Fault == AuditFault.Truncated);
        }
    }

    [Fact]
    public void A_file_full_of_anything_is_a_finding_and_not_a_crash()
    {
        folder.Write(2);
        var rubbish = new byte[3_000_000];
        new Random(7).NextBytes(rubbish);
        File.WriteAllBytes(folder.Files[0], rubbish);
        Assert.InRange(folder.Verify().Findings.Count, 1, AuditCheck.MostFindings);
        Assert.Equal("audit.damaged", folder.OpenRefused().Rule);
        File.WriteAllBytes(folder.Files[0], new byte[3_000_000]);
        Assert.Equal(AuditFault.Edited, folder.Verify().Findings[0].Fault);
    }
}
