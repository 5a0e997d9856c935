using Holdfast.Rpc;
using Holdfast.Rpc.Client;

namespace Holdfast.Storage.Etcd;

/// <summary>One member of the etcd: the connection to it, and who we are there.</summary>
internal sealed class EtcdMember(Uri endpoint, EtcdOptions options, TimeProvider time) : IDisposable
{
    private EtcdConnection connection = new(endpoint, options, time);
    private string? token;

    public Uri Endpoint { get; } = endpoint;

    public EtcdConnection Connection => Volatile.Read(ref connection);

    public bool LoggedIn => token is not null;

    /// <param name="timeout">Null: a stream without an end.</param>
    /// <param name="needsLeader">A member that is cut off from its leader says so at once, instead of letting the call wait, and ends its streams.</param>
    public CallOptions Options(TimeSpan? timeout, CancellationToken cancel, bool needsLeader = true)
    {
        var headers = new Metadata();
        if (needsLeader) headers.Add("hasleader", "true");
        if (token is { } known) headers.Add("token", known);
        return new() { Headers = headers, Timeout = timeout, Cancel = cancel };
    }

    /// <summary>Tokens are a member's own and end after some minutes.</summary>
    /// <exception cref="RpcException">The member does not take the login.</exception>
    public async Task LogInAsync(EtcdLogin login, TimeSpan timeout, CancellationToken cancel)
    {
        token = null;
        var answer = await Connection.Auth.AuthenticateAsync(new() { Name = login.User, Password = login.Password }, Options(timeout, cancel));
        token = answer.Token;
    }

    /// <summary>
    /// Nothing came back over this connection in time. Where a network has forgotten it, it stays silent for ever, and whatever is sent over it too: the next call
    /// makes another. What else runs over it ends and is made again.
    /// </summary>
    public void Leave(EtcdConnection silent)
    {
        if (silent.Age < options.AttemptTimeout) return;
        var next = new EtcdConnection(Endpoint, options, time);
        if (Interlocked.CompareExchange(ref connection, next, silent) == silent) silent.Dispose();
        else next.Dispose();
    }

    public void Dispose() => Connection.Dispose();
}
