using System.Net;
using System.Net.Http.Headers;
using Holdfast.Core.Problems;
using Holdfast.Core.Toolchains;

namespace Holdfast.Delivery.Toolchains;

/// <summary>A folder of a web server: Go's own download page, or one laid out like it.</summary>
internal sealed class HttpMirror : Mirror
{
    private readonly Uri address;

    /// <summary>Its bounds are those of the list, which comes whole; of a file only the head counts here, and whoever reads it looks at the clock and the size.</summary>
    private readonly HttpClient http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
    {
        Timeout = ToolchainLimits.Silence,
        MaxResponseContentBufferSize = GoDownloadList.MostBytes,
    };

    public HttpMirror(Uri address)
    {
        // A base address without a slash at its end would lose its last name.
        this.address = new(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("holdfast", null));
    }

    public override string Name => address.ToString().TrimEnd('/');

    /// <summary>As Go's page answers; of a server that only has files, the file.</summary>
    public override async Task<Outcome<GoDownloadList>> ListAsync(CancellationToken cancel)
    {
        var asked = await ListAsync(new Uri(address, "?mode=json&include=all"), cancel).ConfigureAwait(false);
        return asked.IsOk || asked.Problems[0].Rule == "toolchain.mirror-away" ? asked : await ListAsync(new Uri(address, ListFile), cancel).ConfigureAwait(false);
    }

    public override async Task<Outcome<MirrorContent>> OpenAsync(string name, long from, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, Uri.EscapeDataString(name)));
        if (from > 0) request.Headers.Range = new(from, null);
        return await GuardedAsync<MirrorContent>(name, async () =>
        {
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel).ConfigureAwait(false);
            var begins = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From : 0;
            if (response.IsSuccessStatusCode && (begins == from || begins == 0)) return new MirrorContent(await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false), begins.Value);
            response.Dispose();
            // The file is shorter there than what was fetched of it: another one.
            return from > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable ? await OpenAsync(name, 0, cancel).ConfigureAwait(false) : Answer(name, response.StatusCode);
        }).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) http.Dispose();
        base.Dispose(disposing);
    }

    private Task<Outcome<GoDownloadList>> ListAsync(Uri list, CancellationToken cancel) => GuardedAsync<GoDownloadList>(list.ToString(), async () =>
    {
        using var response = await http.GetAsync(list, cancel).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) return Answer(list.ToString(), response.StatusCode);
        return GoDownloadList.Read(await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false), list.ToString());
    });

    private Problem Answer(string what, HttpStatusCode status) => status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.Forbidden
        ? new(ProblemKind.NotFound, "toolchain.not-on-mirror", $"{Name} has no {what}") { Why = $"it answers {(int)status}" }
        : Away(what, $"it answers {(int)status}");

    private async Task<Outcome<T>> GuardedAsync<T>(string what, Func<Task<Outcome<T>>> ask)
    {
        try
        {
            return await ask().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return Away(what, failure.InnerException?.Message ?? failure.Message);
        }
        catch (TaskCanceledException late) when (late.InnerException is TimeoutException)
        {
            return Away(what, $"nothing came for {ToolchainLimits.Silence.TotalSeconds:0} s");
        }
    }
}
