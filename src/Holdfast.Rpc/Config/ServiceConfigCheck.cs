using System.Globalization;

namespace Holdfast.Rpc.Config;

/// <summary>What must hold for the values of a service config, however it came about.</summary>
internal static class ServiceConfigCheck
{
    private const int MostTokens = 1000;

    /// <summary>A thousandth of a token is the least that counts.</summary>
    private const double LeastRatio = 0.001;

    public static IReadOnlyList<ServiceConfigProblem> Problems(ServiceConfig config)
    {
        var problems = new List<ServiceConfigProblem>();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (number, method) in config.Methods.Index()) Check(problems, places, method, $"methodConfig[{number}]");
        if (config.Throttling is { } throttling) Check(problems, throttling);
        return problems;
    }

    private static void Check(List<ServiceConfigProblem> problems, Dictionary<string, string> places, MethodConfig method, string where)
    {
        if (method.Names.Count == 0)
            problems.Add(new($"{where}.name", "names no method", "name services or methods, or [{}] for all"));
        foreach (var (number, name) in method.Names.Index())
        {
            var place = $"{where}.name[{number}]";
            if (name.Service.Length == 0 && name.Method.Length > 0)
                problems.Add(new(place, $"the method {name.Method} is of no service", "add the service, with its package"));
            else if (!places.TryAdd(name.Key, place))
                problems.Add(new(place, $"{(name.Key.Length == 0 ? "all methods" : name.Key)} has its entry at {places[name.Key]}", "name it once"));
        }

        Positive(problems, method.Timeout, $"{where}.timeout");
        NotNegative(problems, method.MaxRequestMessageBytes, $"{where}.maxRequestMessageBytes");
        NotNegative(problems, method.MaxResponseMessageBytes, $"{where}.maxResponseMessageBytes");
        if (method.Retry is { } retry) Check(problems, retry, $"{where}.retryPolicy");
    }

    private static void Check(List<ServiceConfigProblem> problems, RetryPolicy retry, string where)
    {
        if (retry.MaxAttempts < 2)
            problems.Add(new($"{where}.maxAttempts", $"{retry.MaxAttempts} attempts are no retry", $"2 to {RetryPolicy.MostAttempts}, or no retryPolicy"));
        Positive(problems, retry.InitialBackoff, $"{where}.initialBackoff");
        Positive(problems, retry.MaxBackoff, $"{where}.maxBackoff");
        if (!(retry.BackoffMultiplier > 0) || double.IsInfinity(retry.BackoffMultiplier))
            problems.Add(new($"{where}.backoffMultiplier", $"{Text(retry.BackoffMultiplier)} is not above 0", "a number such as 2"));
        if (retry.RetryableStatusCodes.Count == 0)
            problems.Add(new($"{where}.retryableStatusCodes", "no status is retried", "name one at least, such as UNAVAILABLE, or no retryPolicy"));
        if (retry.RetryableStatusCodes.Contains(StatusCode.Ok))
            problems.Add(new($"{where}.retryableStatusCodes", "OK is no failure", "take it out"));
    }

    private static void Check(List<ServiceConfigProblem> problems, RetryThrottling throttling)
    {
        if (throttling.MaxTokens is < 1 or > MostTokens)
            problems.Add(new("retryThrottling.maxTokens", $"{throttling.MaxTokens} is out of its bounds", $"1 to {MostTokens}"));
        if (!(throttling.TokenRatio >= LeastRatio) || throttling.TokenRatio > MostTokens)
            problems.Add(new("retryThrottling.tokenRatio", $"{Text(throttling.TokenRatio)} is out of its bounds", $"0.001 to {MostTokens}, such as 0.1"));
    }

    private static void Positive(List<ServiceConfigProblem> problems, TimeSpan? time, string where)
    {
        if (time <= TimeSpan.Zero) problems.Add(new(where, $"{Text(time.Value.TotalSeconds)}s is not above 0", "a time such as \"0.5s\""));
    }

    private static void NotNegative(List<ServiceConfigProblem> problems, int? bytes, string where)
    {
        if (bytes < 0) problems.Add(new(where, $"{bytes} is below 0", "a number of bytes"));
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
