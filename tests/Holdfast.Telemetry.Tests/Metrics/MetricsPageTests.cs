using System.Diagnostics;
using System.Text;
using Holdfast.Telemetry.Metrics;

namespace Holdfast.Telemetry.Tests.Metrics;

public sealed class MetricsPageTests
{
    private static readonly IReadOnlyList<MetricFamily> Families = NodeMetrics.Collect(SampleNode.Snapshot, SampleNode.Usage);

    private static readonly MetricFamily Histogram = new("http_request_seconds", MetricKind.Histogram, "How long \"requests\" took.\\n\nReally.", "seconds")
    {
        Samples = [new Sample([new("path", "/")], 0) { Histogram = new HistogramValue([0.1, 1, 2.5], [3, 2, 1, 4], 17.25) }],
    };

    internal static IReadOnlyList<(string File, string Accept)> GoldenFiles { get; } =
        [("node.txt", ""), ("node.openmetrics.txt", "application/openmetrics-text; version=1.0.0")];

    [Fact]
    public void The_page_of_a_node_is_exactly_this()
    {
        foreach (var (file, accept) in GoldenFiles)
        {
            var golden = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Metrics", "Golden", file));
            Assert.Equal(golden, Encoding.UTF8.GetString(Page(accept).Body));
        }
    }

    [Fact]
    public void The_same_snapshot_is_the_same_bytes_in_whatever_order_it_was_collected()
    {
        var shuffled = SampleNode.Snapshot with { Instances = [.. SampleNode.Snapshot.Instances.Reverse()] };
        Assert.Equal(
            MetricsPage.Render(ExpositionFormat.Text, Families).Body,
            MetricsPage.Render(ExpositionFormat.Text, NodeMetrics.Collect(shuffled, SampleNode.Usage).Reverse()).Body);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("*/*", false)]
    [InlineData("text/html", false)]
    [InlineData("text/plain; version=0.0.4", false)]
    [InlineData("application/openmetrics-text; version=0.0.1; charset=utf-8", false)]
    [InlineData("application/openmetrics-text", true)]
    [InlineData("application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1", true)]
    [InlineData("text/plain;version=0.0.4;q=0.9,application/openmetrics-text;version=1.0.0;q=0.1", false)]
    [InlineData("application/openmetrics-text;q=0", false)]
    [InlineData("application/openmetrics-text;q=rubbish;;,,", false)]
    public void A_scraper_gets_the_format_it_prefers(string? accept, bool open)
    {
        var page = MetricsPage.Render(accept, Families);
        Assert.Equal(open ? "application/openmetrics-text; version=1.0.0; charset=utf-8" : "text/plain; version=0.0.4; charset=utf-8", page.ContentType);
        Assert.Equal(open, Encoding.UTF8.GetString(page.Body).EndsWith("# EOF\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    [InlineData(10_276_044, "10276044")]
    [InlineData(0.1, "0.1")]
    [InlineData(1e300, "1E+300")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Numbers_are_written_as_scrapers_read_them(double value, string text)
    {
        var family = new MetricFamily("x", MetricKind.Gauge, "An x.") { Samples = [new Sample([], value)] };
        Assert.EndsWith($"\nx {text}\n", Encoding.UTF8.GetString(MetricsPage.Render(ExpositionFormat.Text, [family]).Body));
    }

    [Fact]
    public void A_family_that_scrapers_would_refuse_is_never_shown()
    {
        Sample one = new([new("a", "1")], 1);
        MetricFamily[] wrong =
        [
            new("restarts", MetricKind.Counter, "No _total.") { Samples = [one] },
            new("agent", MetricKind.Info, "No _info.") { Samples = [one] },
            new("memory", MetricKind.Gauge, "No unit.", "bytes") { Samples = [one] },
            new("1st", MetricKind.Gauge, "No name.") { Samples = [one] },
            new("x", MetricKind.Gauge, "Twice.") { Samples = [one, one with { Value = 2 }] },
            new("x", MetricKind.Gauge, "Label twice.") { Samples = [new Sample([new("a", "1"), new("a", "2")], 1)] },
            new("x", MetricKind.Gauge, "No label name.") { Samples = [new Sample([new("a-b", "1")], 1)] },
            new("x", MetricKind.Histogram, "No histogram.") { Samples = [one] },
        ];
        foreach (var family in wrong)
            Assert.Throws<ArgumentException>(() => MetricsPage.Render(ExpositionFormat.Text, [family]));
    }

    [Fact]
    public void Every_family_is_in_the_documents_and_every_one_of_the_documents_is_shown()
    {
        var documented = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "metrics.md"))
            .Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('`')[1].Split('{')[0]);
        Assert.Equal(Families.Select(f => f.Name).Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
        Assert.All(Families, f => Assert.NotEmpty(f.Samples));
    }

    [PromtoolFact]
    public async Task Prometheus_own_check_finds_nothing_wrong()
    {
        var start = new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        using var promtool = Process.Start(start)!;
        await promtool.StandardInput.BaseStream.WriteAsync(MetricsPage.Render("", Families.Append(Histogram)).Body);
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        Assert.Equal((0, ""), (promtool.ExitCode, said));
    }

    internal static MetricsPage Page(string accept) => MetricsPage.Render(accept, Families.Append(Histogram));
}
