using Acme.User.V1;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;

namespace UserServer;

/// <summary>The service itself: what the .proto says, and nothing of wires.</summary>
internal sealed class Users : UserService.UserServiceBase
{
    private static readonly SortedDictionary<string, UserResponse> users = new(StringComparer.Ordinal)
    {
        ["ada"] = new() { Name = "Ada", Age = 36 },
        ["bob"] = new() { Name = "Bob", Age = 41 },
        ["cid"] = new() { Name = "Cid", Age = 43 },
    };

    public override Task<UserResponse> GetUser(UserRequest request, ServerCallContext context) => Task.FromResult(Find(request));

    public override async Task<SumAgesResponse> SumAges(IAsyncStreamReader<UserRequest> requests, ServerCallContext context)
    {
        var sum = new SumAgesResponse();
        await foreach (var request in requests.ReadAllAsync(context.Cancel))
        {
            sum.Users++;
            sum.Years += Find(request).Age;
        }

        return sum;
    }

    public override async Task ListUsers(ListUsersRequest request, IServerStreamWriter<UserResponse> responses, ServerCallContext context)
    {
        if (context.RequestHeaders.GetText("request-id") is { } id) context.ResponseTrailers.Add("request-id", id);
        foreach (var user in users.Values) await responses.WriteAsync(user);
        if (!request.Follow) return;

        // Nobody comes here; a service with a database would wait for its changes. A server that stops does not wait for a call without an end.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.Cancel, context.Draining);
        await Task.Delay(Timeout.InfiniteTimeSpan, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Cancel.ThrowIfCancellationRequested();
        throw new RpcException(StatusCode.Unavailable, "the server is stopping");
    }

    public override async Task LookUp(IAsyncStreamReader<UserRequest> requests, IServerStreamWriter<LookUpResponse> responses, ServerCallContext context)
    {
        await foreach (var request in requests.ReadAllAsync(context.Cancel))
            await responses.WriteAsync(new LookUpResponse { UserId = request.UserId, User = users.GetValueOrDefault(request.UserId) });
    }

    private static UserResponse Find(UserRequest request) =>
        users.GetValueOrDefault(request.UserId) ?? throw new RpcException(StatusCode.NotFound, $"there is no user {request.UserId}");
}
