namespace Holdfast.Rpc.Client;

/// <summary>The framework's client with one setting of pings: it cannot be changed once it is in use.</summary>
internal sealed class ChannelHttp(HttpMessageInvoker http, Keepalive keepalive, Action<ChannelHttp> tooManyPings) : IDisposable
{
    public Keepalive Keepalive { get; } = keepalive;

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) => http.SendAsync(request, cancel);

    /// <summary>The server has said that there were too many; later calls are on connections with fewer.</summary>
    public void PingLess() => tooManyPings(this);

    public void Dispose() => http.Dispose();
}
