using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Ledger;

/// <summary>The same pages as payments'.</summary>
internal sealed class Pages(Patient patient)
{
    public const string Version = "1.0.0";

    /// <summary>Answers, if the service is in the state to, and notes how long it took.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        var began = Stopwatch.GetTimestamp();
        await patient.WhileHungAsync(context.RequestAborted);
        var path = context.Request.Path.Value ?? "/";
        // What the histogram calls a page: a path with a name in it stays one series.
        var uri = path.StartsWith("/fault/", StringComparison.Ordinal) ? "/fault/{name}"
            : path is "/orders" or "/healthz" or "/readyz" or "/metrics" or "/debug/vars" ? path : "/";
        var symptoms = patient.Symptoms;
        if (symptoms.Delay > TimeSpan.Zero && (symptoms.DelayHealth || uri == "/orders"))
            await Task.Delay(symptoms.Delay, context.RequestAborted);

        await (uri switch
        {
            "/orders" => OrderAsync(context),
            "/healthz" => VerdictAsync(context, !symptoms.Sick),
            "/readyz" => VerdictAsync(context, !symptoms.Unready),
            "/metrics" => TextAsync(context, 200, "text/plain; version=0.0.4; charset=utf-8", patient.Metrics.Exposition()),
            "/debug/vars" => VariablesAsync(context),
            "/fault/{name}" => FaultAsync(context, path["/fault/".Length..]),
            _ => HomeAsync(context, path),
        });
        var took = Stopwatch.GetElapsedTime(began);
        patient.Metrics.Observe(context.Request.Method, uri, context.Response.StatusCode, took);
        patient.Log.Debug("request", ("method", context.Request.Method), ("path", path), ("status", context.Response.StatusCode), ("seconds", took.TotalSeconds));
    }

    private static Task HomeAsync(HttpContext context, string path) => path != "/"
        ? ReplyAsync(context, 404, new { error = "no such page" })
        : ReplyAsync(context, 200, new
        {
            service = "ledger",
            version = Version,
            pid = Environment.ProcessId,
            instance = Environment.GetEnvironmentVariable("HOLDFAST_INSTANCE") ?? "",
            faults = Faults.All.Keys,
        });

    private async Task OrderAsync(HttpContext context)
    {
        var (amount, currency) = (4200L, "EUR");
        if (HttpMethods.IsPost(context.Request.Method))
        {
            try
            {
                using var body = await JsonDocument.ParseAsync(context.Request.Body, default, context.RequestAborted);
                amount = body.RootElement.TryGetProperty("amount", out var a) ? a.GetInt64() : 0;
                currency = body.RootElement.TryGetProperty("currency", out var c) ? c.GetString() ?? "" : "";
            }
            catch (Exception bad) when (bad is JsonException or InvalidOperationException or FormatException)
            {
                await ReplyAsync(context, 400, new { error = bad.Message });
                return;
            }
        }
        else if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, POST";
            await ReplyAsync(context, 405, new { error = "GET or POST" });
            return;
        }

        var (number, accepted) = patient.Process(amount, currency);
        await (accepted
            ? ReplyAsync(context, 200, new { order = number, amount, currency })
            : ReplyAsync(context, 422, new { order = number, error = "an order needs an amount above 0, in cents, and a currency of three letters" }));
    }

    private Task VariablesAsync(HttpContext context)
    {
        var (success, failure) = patient.Metrics.Orders;
        return ReplyAsync(context, 200, new
        {
            cmdline = Environment.GetCommandLineArgs(),
            memstats = new { HeapAlloc = GC.GetTotalMemory(false), NumGC = GC.CollectionCount(0) },
            orders_processed = new { success, failure },
        });
    }

    private async Task FaultAsync(HttpContext context, string name)
    {
        try
        {
            var pids = Faults.Inflict(patient, Fault.Parse(name + context.Request.QueryString));
            await ReplyAsync(context, 200, new { done = true, pids });
        }
        catch (FormatException bad)
        {
            await ReplyAsync(context, 400, new { error = bad.Message });
        }
    }

    private static Task VerdictAsync(HttpContext context, bool good) =>
        TextAsync(context, good ? 200 : 503, "text/plain; charset=utf-8", good ? "ok\n" : "told to fail\n");

    private static Task ReplyAsync(HttpContext context, int status, object body) =>
        TextAsync(context, status, "application/json", JsonSerializer.Serialize(body) + "\n");

    private static Task TextAsync(HttpContext context, int status, string type, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
