using Acme.User.V1;
using Holdfast.Rpc;
using Holdfast.Rpc.Client;

namespace UserClient;

/// <summary>A call of each kind, and what is said of it. None waits for ever.</summary>
internal sealed class Calls(UserService.UserServiceClient users)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    /// <summary>In their order, each with what it says when all is well.</summary>
    public IReadOnlyList<(Func<Task<string>> Call, string Expected)> All =>
    [
        (GetUserAsync, "GetUser: Ada is 36"),
        (GetUnknownAsync, "GetUser: NOT_FOUND, there is no user eve"),
        (SumAgesAsync, "SumAges: 3 users, 120 years"),
        (ListUsersAsync, "ListUsers: Ada, Bob, Cid; request-id 4711 came back"),
        (LookUpAsync, "LookUp: ada is 36, eve is nobody, cid is 43"),
        (FollowAsync, "ListUsers: DEADLINE_EXCEEDED while it followed"),
    ];

    private async Task<string> GetUserAsync()
    {
        var user = await users.GetUserAsync(new UserRequest { UserId = "ada" }, new CallOptions(patience, default));
        return $"GetUser: {user.Name} is {user.Age}";
    }

    private async Task<string> GetUnknownAsync()
    {
        try
        {
            var user = await users.GetUserAsync(new UserRequest { UserId = "eve" }, new CallOptions(patience, default));
            return $"GetUser: {user.Name} is {user.Age}";
        }
        catch (RpcException e) when (e.Status.Code == StatusCode.NotFound)
        {
            return $"GetUser: NOT_FOUND, {e.Status.Detail}";
        }
    }

    private async Task<string> SumAgesAsync()
    {
        using var call = users.SumAges(new CallOptions(patience, default));
        foreach (var id in new[] { "ada", "bob", "cid" }) await call.WriteAsync(new UserRequest { UserId = id });
        var sum = await call.CompleteAsync();
        return $"SumAges: {sum.Users} users, {sum.Years} years";
    }

    private async Task<string> ListUsersAsync()
    {
        using var call = users.ListUsers(new ListUsersRequest(), new CallOptions(patience, default) { Headers = new Metadata { { "request-id", "4711" } } });
        var names = new List<string>();
        await foreach (var user in call.ReadAllAsync()) names.Add(user.Name);
        return $"ListUsers: {string.Join(", ", names)}; request-id {call.Trailers.GetText("request-id")} came back";
    }

    private async Task<string> LookUpAsync()
    {
        using var call = users.LookUp(new CallOptions(patience, default));
        var found = new List<string>();
        foreach (var id in new[] { "ada", "eve", "cid" })
        {
            await call.WriteAsync(new UserRequest { UserId = id });
            if (!await call.MoveNext(default)) break;
            found.Add($"{call.Current!.UserId} is {call.Current.User?.Age.ToString() ?? "nobody"}");
        }

        call.EndWriting();
        while (await call.MoveNext(default)) found.Add("one too many");
        return $"LookUp: {string.Join(", ", found)}";
    }

    private async Task<string> FollowAsync()
    {
        using var call = users.ListUsers(new ListUsersRequest { Follow = true }, new CallOptions(TimeSpan.FromMilliseconds(500), default));
        try
        {
            while (await call.MoveNext(default))
            {
                // Users that are there already; it is those who are yet to come that take too long.
            }

            return "ListUsers: the end";
        }
        catch (RpcException e) when (e.Status.Code == StatusCode.DeadlineExceeded)
        {
            return "ListUsers: DEADLINE_EXCEEDED while it followed";
        }
    }
}
