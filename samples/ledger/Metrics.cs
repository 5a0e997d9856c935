using System.Globalization;
using System.Text;

namespace Ledger;

/// <summary>The service's own figures, in Prometheus' text format.</summary>
internal sealed class Metrics
{
    private static readonly double[] Buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1, 2, 5];
    private readonly Lock gate = new();
    private readonly SortedDictionary<string, Histogram> requests = new(StringComparer.Ordinal);
    private readonly long started = Environment.TickCount64;
    private long success;
    private long failure;

    public (long Success, long Failure) Orders
    {
        get
        {
            lock (gate)
                return (success, failure);
        }
    }

    public long CountOrder(bool accepted)
    {
        lock (gate)
            return (accepted ? ++success : success) + (accepted ? failure : ++failure);
    }

    public void Observe(string method, string uri, int status, TimeSpan took)
    {
        var labels = $"method=\"{method}\",outcome=\"{OutcomeOf(status)}\",status=\"{status}\",uri=\"{uri}\"";
        lock (gate)
        {
            if (!requests.TryGetValue(labels, out var histogram))
                requests[labels] = histogram = new Histogram();
            histogram.Add(took.TotalSeconds);
        }
    }

    public string Exposition()
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        lock (gate)
        {
            Line($"# HELP orders_processed_total Orders that were processed, by result.");
            Line($"# TYPE orders_processed_total counter");
            Line($"orders_processed_total{{type=\"failure\"}} {failure}");
            Line($"orders_processed_total{{type=\"success\"}} {success}");
            Line($"# HELP http_server_requests_seconds Time to answer an HTTP request.");
            Line($"# TYPE http_server_requests_seconds histogram");
            foreach (var (labels, histogram) in requests)
            {
                for (var i = 0; i < Buckets.Length; i++)
                    Line($"http_server_requests_seconds_bucket{{{labels},le=\"{Buckets[i]}\"}} {histogram.AtMost(i)}");
                Line($"http_server_requests_seconds_bucket{{{labels},le=\"+Inf\"}} {histogram.Count}");
                Line($"http_server_requests_seconds_sum{{{labels}}} {histogram.Sum}");
                Line($"http_server_requests_seconds_count{{{labels}}} {histogram.Count}");
            }

            Line($"# HELP ledger_uptime_seconds Time since the start.");
            Line($"# TYPE ledger_uptime_seconds gauge");
            Line($"ledger_uptime_seconds {(Environment.TickCount64 - started) / 1000.0}");
        }

        return text.ToString();
    }

    private static string OutcomeOf(int status) => status switch
    {
        < 200 => "INFORMATIONAL",
        < 300 => "SUCCESS",
        < 400 => "REDIRECTION",
        < 500 => "CLIENT_ERROR",
        _ => "SERVER_ERROR",
    };

    private sealed class Histogram
    {
        private readonly long[] counts = new long[Buckets.Length];

        public long Count { get; private set; }

        public double Sum { get; private set; }

        public void Add(double seconds)
        {
            Count++;
            Sum += seconds;
            var bucket = Array.FindIndex(Buckets, bound => seconds <= bound);
            if (bucket >= 0)
                counts[bucket]++;
        }

        public long AtMost(int bucket) => counts.AsSpan(0, bucket + 1).ToArray().Sum();
    }
}
