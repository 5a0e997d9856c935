using System.Text.Json;

namespace Holdfast.Integration.Tests.Nodes;

/// <summary>The sample service, deployed on a node and told what to suffer from.</summary>
public sealed class Payments
{
    private static readonly HttpClient http = new();

    private readonly TestNode node;
    private readonly int port;

    private Payments(TestNode node, int port) => (this.node, this.port) = (node, port);

    public static string Source { get; } = Path.Combine(Root(), "samples", "payments");

    /// <summary>Deploys it with these values (YAML below the head; empty: none).</summary>
    public static async Task<Payments> DeployAsync(TestNode node, string values = "")
    {
        var package = Path.Combine(node.Work, "payments.hfpkg");
        (await node.HoldfastAsync("pack", Source, "-o", package)).Ok();
        (await node.HoldfastAsync("sign", package)).Ok();
        var overlay = Path.Combine(node.Work, "values.yaml");
        await File.WriteAllTextAsync(overlay, $"apiVersion: holdfast/v1\nkind: Values\n{values}\n");
        (await (values.Length == 0 ? node.HoldfastAsync("deploy", package) : node.HoldfastAsync("deploy", package, "--values", overlay))).Ok();
        using var rows = JsonDocument.Parse((await node.HoldfastAsync("ps", "-o", "json")).Ok().Output);
        return new(node, rows.RootElement[0].GetProperty("ports").GetProperty("http").GetInt32());
    }

    public Task<InstanceRow> PsAsync() => node.PsAsync("payments");

    public Task<InstanceRow> SeeAsync(string what, Func<InstanceRow, bool> satisfied) => node.SeeAsync(what, "payments", satisfied);

    public async Task<string> GetAsync(string path) => await http.GetStringAsync(new Uri($"http://127.0.0.1:{port}{path}"));

    /// <summary>What a fault answers; null when the service went away before it could.</summary>
    public async Task<JsonDocument?> SufferAsync(string fault)
    {
        try
        {
            return JsonDocument.Parse(await GetAsync("/fault/" + fault));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Holdfast.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException("No Holdfast.slnx above " + AppContext.BaseDirectory);
    }
}
