using System.Globalization;
using System.Text.Json;

namespace Holdfast.Rpc.Config;

/// <summary>
/// Reads gRPC's JSON and gathers all that is of the wrong shape. What cannot be read is taken as something harmless, so that it is told once. A key that nobody
/// knows is a problem: a typing error would turn retries off without a word.
/// </summary>
internal sealed class ServiceConfigReading
{
    private const string Duration = "a time in seconds as text, such as \"0.5s\"";

    public List<ServiceConfigProblem> Problems { get; } = [];

    /// <summary>Null where it is no JSON object at all.</summary>
    public ServiceConfig? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Root(document.RootElement);
        }
        catch (JsonException e)
        {
            var place = e.LineNumber is { } line ? $"{line + 1}:{e.BytePositionInLine + 1}" : "service config";
            Problems.Add(new(place, "it is not JSON, or says a key twice", "mend it there: " + e.Message.Split(" LineNumber:")[0].TrimEnd('.')));
            return null;
        }
    }

    private ServiceConfig? Root(JsonElement root)
    {
        if (Object(root, "service config") is not { } config) return null;
        Known(config, "", ["methodConfig", "retryThrottling"], ["loadBalancingPolicy", "loadBalancingConfig", "healthCheckConfig"]);
        return new ServiceConfig
        {
            Methods = [.. List(config, "methodConfig", "methodConfig", Method, null).OfType<MethodConfig>()],
            Throttling = Child(config, "retryThrottling", "retryThrottling") is { } throttling ? Throttling(throttling) : null,
        };
    }

    private MethodConfig? Method(JsonElement item, string where)
    {
        if (Object(item, where) is not { } method) return null;
        Known(method, where + ".", ["name", "timeout", "waitForReady", "maxRequestMessageBytes", "maxResponseMessageBytes", "retryPolicy", "hedgingPolicy"], []);
        if (method.TryGetProperty("hedgingPolicy", out _))
            Problems.Add(new($"{where}.hedgingPolicy", "hedging is not supported here", "use retryPolicy, which makes one attempt at a time"));
        return new MethodConfig
        {
            Names = List(method, "name", $"{where}.name", Name, new MethodName(where)),
            Timeout = method.TryGetProperty("timeout", out var timeout) ? Time(timeout, $"{where}.timeout") : null,
            WaitForReady = method.TryGetProperty("waitForReady", out var wait) ? Bool(wait, $"{where}.waitForReady") : null,
            MaxRequestMessageBytes = Bytes(method, "maxRequestMessageBytes", where),
            MaxResponseMessageBytes = Bytes(method, "maxResponseMessageBytes", where),
            Retry = Child(method, "retryPolicy", $"{where}.retryPolicy") is { } retry ? Retry(retry, $"{where}.retryPolicy") : null,
        };
    }

    private MethodName Name(JsonElement item, string where)
    {
        // A name that cannot be read must not look like the one for all, or like another that cannot.
        if (Object(item, where) is not { } name) return new MethodName(where);
        Known(name, where + ".", ["service", "method"], []);
        return new MethodName(Text(name, "service", where), Text(name, "method", where));
    }

    private RetryPolicy Retry(JsonElement retry, string where)
    {
        Known(retry, where + ".", ["maxAttempts", "initialBackoff", "maxBackoff", "backoffMultiplier", "retryableStatusCodes"], []);
        return new RetryPolicy
        {
            MaxAttempts = Needed(retry, "maxAttempts", where, $"2 to {RetryPolicy.MostAttempts}") is { } attempts ? Whole(attempts, $"{where}.maxAttempts") : 2,
            InitialBackoff = Needed(retry, "initialBackoff", where, Duration) is { } initial ? Time(initial, $"{where}.initialBackoff") : TimeSpan.MaxValue,
            MaxBackoff = Needed(retry, "maxBackoff", where, Duration) is { } most ? Time(most, $"{where}.maxBackoff") : TimeSpan.MaxValue,
            BackoffMultiplier = Needed(retry, "backoffMultiplier", where, "a number such as 2") is { } by ? Number(by, $"{where}.backoffMultiplier") : 1,
            RetryableStatusCodes = Needed(retry, "retryableStatusCodes", where, "a list such as [\"UNAVAILABLE\"]") is null
                ? [StatusCode.Unavailable]
                : [.. List(retry, "retryableStatusCodes", $"{where}.retryableStatusCodes", Code, StatusCode.Unavailable).Distinct()],
        };
    }

    private RetryThrottling Throttling(JsonElement throttling)
    {
        const string Where = "retryThrottling";
        Known(throttling, Where + ".", ["maxTokens", "tokenRatio"], []);
        return new(
            Needed(throttling, "maxTokens", Where, "1 to 1000") is { } most ? Whole(most, $"{Where}.maxTokens") : 1,
            Needed(throttling, "tokenRatio", Where, "a number such as 0.1") is { } ratio ? Number(ratio, $"{Where}.tokenRatio") : 1);
    }

    /// <summary>By number or by name: 14, "UNAVAILABLE", "unavailable".</summary>
    private StatusCode Code(JsonElement value, string where)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && Enum.IsDefined((StatusCode)number)) return (StatusCode)number;
        if (value.ValueKind == JsonValueKind.String)
        {
            foreach (var named in Enum.GetValues<StatusCode>())
            {
                if (Is(named, value.GetString()!)) return named;
            }
        }

        Problems.Add(new(where, $"{value.GetRawText()} is no status of gRPC's", "its name, such as UNAVAILABLE, or its number, 1 to 16"));
        return StatusCode.Unavailable;
    }

    private static bool Is(StatusCode code, string text) => text.Replace("_", "", StringComparison.Ordinal).Equals(code.ToString(), StringComparison.OrdinalIgnoreCase);

    private TimeSpan Time(JsonElement value, string where)
    {
        if (value.ValueKind == JsonValueKind.String
            && value.GetString() is [.. var seconds, 's']
            && decimal.TryParse(seconds, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && Math.Abs(number) <= RpcLimits.MaxTimeoutSeconds)
            return TimeSpan.FromTicks((long)(number * TimeSpan.TicksPerSecond));
        return Wrong(where, value, Duration, TimeSpan.MaxValue);
    }

    /// <summary>As a number, or as text as protobuf's JSON writes long ones.</summary>
    private int? Bytes(JsonElement of, string key, string where)
    {
        if (!of.TryGetProperty(key, out var value)) return null;
        if (value.ValueKind == JsonValueKind.String && int.TryParse(value.GetString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        return Whole(value, $"{where}.{key}");
    }

    private int Whole(JsonElement value, string where) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : Wrong(where, value, "a whole number", 2);

    private double Number(JsonElement value, string where) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number : Wrong(where, value, "a number", 1);

    private bool? Bool(JsonElement value, string where) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Wrong<bool?>(where, value, "true or false", null),
    };

    private string Text(JsonElement of, string key, string where) =>
        !of.TryGetProperty(key, out var value) ? ""
        : value.ValueKind == JsonValueKind.String ? value.GetString()!
        : Wrong($"{where}.{key}", value, "text", where);

    private JsonElement? Needed(JsonElement of, string key, string where, string mend)
    {
        if (of.TryGetProperty(key, out var value)) return value;
        Problems.Add(new($"{where}.{key}", "is missing", mend));
        return null;
    }

    private JsonElement? Child(JsonElement of, string key, string where) => of.TryGetProperty(key, out var value) ? Object(value, where) : null;

    private JsonElement? Object(JsonElement value, string where) =>
        value.ValueKind == JsonValueKind.Object ? value : Wrong<JsonElement?>(where, value, "an object: {…}", null);

    /// <summary>Without the key an empty one; what is no list is one with something harmless in it.</summary>
    private List<T> List<T>(JsonElement of, string key, string where, Func<JsonElement, string, T> read, T harmless)
    {
        if (!of.TryGetProperty(key, out var list)) return [];
        if (list.ValueKind == JsonValueKind.Array) return [.. list.EnumerateArray().Select((item, number) => read(item, $"{where}[{number}]"))];
        return Wrong<List<T>>(where, list, "a list: […]", [harmless]);
    }

    private void Known(JsonElement of, string where, string[] known, string[] others)
    {
        foreach (var property in of.EnumerateObject())
        {
            if (!known.Contains(property.Name) && !others.Contains(property.Name))
                Problems.Add(new(where + property.Name, "nothing has this name", $"one of {string.Join(", ", known)}"));
        }
    }

    private T Wrong<T>(string where, JsonElement value, string mend, T harmless)
    {
        var text = value.GetRawText();
        Problems.Add(new(where, $"{(text.Length > 40 ? text[..40] + "…" : text)} is not of its kind", mend));
        return harmless;
    }
}
