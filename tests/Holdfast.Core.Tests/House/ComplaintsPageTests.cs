using System.Text.RegularExpressions;

namespace Holdfast.Core.Tests.House;

/// <summary>docs/complaints.md and the tests say the same.</summary>
public sealed partial class ComplaintsPageTests
{
    private const string Page = "docs/complaints.md";

    private static readonly HashSet<string> tests =
    [
        .. from file in Repository.AllSources
           where file.StartsWith("tests/", StringComparison.Ordinal) || file.StartsWith("src/Holdfast.Testing/", StringComparison.Ordinal)
           from Match match in Test().Matches(Repository.Text(file))
           select match.Groups[1].Value,
    ];

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var named = Named().ToList();
        Assert.True(named.Count > 50, $"{named.Count} names found");
        Findings.AssertNone(named.Where(name => !tests.Contains(name)), $"{Page} names a test that is not there:");
    }

    [Fact]
    public void Every_test_that_is_named_after_an_issue_is_on_the_page()
    {
        var named = Named().ToHashSet();
        var after = tests.Where(test => AfterIssue().IsMatch(test)).ToList();
        Assert.NotEmpty(after);
        Findings.AssertNone(after.Where(test => !named.Contains(test)), $"{Page} does not list:");
    }

    private static IEnumerable<string> Named() => Name().Matches(Repository.Text(Page)).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\s*public (?:async )?(?:Task|void) ([A-Z]\w*_\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Test();

    [GeneratedRegex(@"`([A-Z]\w*_\w+)`")]
    private static partial Regex Name();

    /// <summary>Of a supervisor, a store or leadership: those of queues and sinks are told elsewhere.</summary>
    [GeneratedRegex(@"^(Winsw|Nssm|Rticommunity_nssm|Servy|Nomad|Supervisor|Systemd|Sensu|Kardianos|Consul|Runit|S6_|Etcd|Patroni|VipManager|AkkaManagement|DotNetWorkQueue)\d+_")]
    private static partial Regex AfterIssue();
}
