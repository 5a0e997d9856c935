using System.Text;
using Holdfast.Core.Incidents;

namespace Holdfast.Core.Tests.Incidents;

/// <summary>A bundle is whole, or says where it is not.</summary>
public class BundleTests
{
    private static readonly List<byte[]> whole = Decisions.Bundle(Decisions.OfEveryKind().Select((decision, i) => Decisions.Line(decision, i + 1)));

    [Fact]
    public void What_was_saved_is_read()
    {
        var bundle = Decisions.Read(whole).Value;
        Assert.Equal(("node-1", "bank", whole.Count - 2, 2L, 3L), (bundle.Head.Node, bundle.Head.Cluster, bundle.Decisions.Count, bundle.End.Lost, bundle.End.Dropped));
        Assert.Equal(Enumerable.Range(1, whole.Count - 2).Select(number => (long)number), bundle.Decisions.Select(decided => decided.Number));
        Assert.StartsWith($"{{\"hash\":\"{bundle.Digest}\"", Encoding.UTF8.GetString(whole[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_says_after_which_line()
    {
        for (var lines = 1; lines < whole.Count; lines++)
        {
            var problem = Decisions.Read(whole.Take(lines)).Problems.Single();
            Assert.Equal(("incident.cut-off", lines), (problem.Rule, problem.Where!.Value.Line));
        }
    }

    [Fact]
    public void A_file_that_was_changed_says_in_which_line()
    {
        for (var line = 1; line < whole.Count; line++)
        {
            var changed = whole.ToList();
            changed[line] = [.. changed[line]];
            var text = Encoding.UTF8.GetString(changed[line]);
            var digit = text.IndexOfAny(['1', '2', '3', '4'], text.IndexOf("\",", StringComparison.Ordinal));
            changed[line][Encoding.UTF8.GetByteCount(text[..digit])] ^= 8;
            Assert.Equal(("incident.changed", line + 1), Fault(changed));
        }
    }

    [Fact]
    public void Lines_that_are_missing_moved_or_added_are_found()
    {
        Assert.Equal(("incident.changed", 4), Fault([.. whole[..3], .. whole[4..]]));
        Assert.Equal(("incident.changed", 3), Fault([.. whole[..2], whole[3], whole[2], .. whole[4..]]));
        Assert.Equal(("incident.changed", whole.Count + 1), Fault([.. whole, whole[^1]]));
        Assert.Equal(("incident.changed", 2), Fault([whole[0], .. whole]));
        Assert.Equal(("incident.changed", 3), Fault([.. whole[..2], "and so on"u8.ToArray()]));
    }

    [Fact]
    public void What_is_no_bundle_or_one_of_another_form_is_said_in_the_first_line()
    {
        Assert.Equal(("incident.form", 0), Fault([]));
        Assert.Equal(("incident.form", 1), Fault(["{\"hash\":\"\",}"u8.ToArray()]));
        Assert.Equal(("incident.form", 1), Fault(["PK"u8.ToArray(), .. whole]));
        Assert.Equal(("incident.form", 1), Fault([.. whole[1..]]));
        var later = Decisions.Read(Decisions.Bundle([], "holdfast/v2")).Problems.Single();
        Assert.Equal(("incident.version", 1), (later.Rule, later.Where!.Value.Line));
        Assert.Contains("holdfast/v2", later.What, StringComparison.Ordinal);
    }

    private static (string Rule, int Line) Fault(IEnumerable<byte[]> lines)
    {
        var problem = Decisions.Read(lines).Problems.Single();
        return (problem.Rule, problem.Where!.Value.Line);
    }
}
