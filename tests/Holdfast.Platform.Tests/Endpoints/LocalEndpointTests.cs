using System.Net.Sockets;
using Holdfast.Core.Problems;

namespace Holdfast.Platform.Tests.Endpoints;

public sealed class LocalEndpointTests : IDisposable
{
    private readonly Folder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_peer_is_who_the_kernel_says()
    {
        using var listener = LocalEndpoint.Listen(folder["s"]).Value;
        using var client = LocalEndpoint.Connect(folder["s"]).Value;
        using var server = listener.Accept();
        var peer = PeerIdentity.Of(server);
        var current = AccountDirectory.Current();
        Assert.Equal(Environment.ProcessId, peer.Pid);
        Assert.Equal(current.UserId, peer.UserId);
        Assert.Equal(current.Name, peer.UserName);
        Assert.True(peer.IsMember($"{current.GroupId}"));
        Assert.False(peer.IsMember("no-such-group-here"));
    }

    [Theory]
    [InlineData(LocalEndpoint.OwnerOnly)]
    [InlineData(LocalEndpoint.OwnerAndGroup)]
    public void The_socket_file_has_the_rights_that_were_asked_for(UnixFileMode mode)
    {
        using var listener = LocalEndpoint.Listen(folder["s"], mode, AccountDirectory.Current().GroupId).Value;
        Assert.Equal(mode, File.GetUnixFileMode(folder["s"]));
    }

    [Fact]
    public void A_second_listener_is_refused_while_the_first_lives()
    {
        using var first = LocalEndpoint.Listen(folder["s"]).Value;
        Assert.Equal("endpoint.taken", LocalEndpoint.Listen(folder["s"]).Problems[0].Rule);
        using var client = LocalEndpoint.Connect(folder["s"]).Value;
        Assert.True(client.Connected);
    }

    [Fact]
    public void A_socket_that_nobody_answers_behind_is_taken_over()
    {
        var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        dead.Bind(new UnixDomainSocketEndPoint(folder["live"]));
        // Its file stays when its owner dies without a word; moving it away from under the socket leaves the same.
        File.Move(folder["live"], folder["s"]);
        dead.Dispose();
        Assert.Equal("endpoint.nobody", LocalEndpoint.Connect(folder["s"]).Problems[0].Rule);
        using var listener = LocalEndpoint.Listen(folder["s"]).Value;
        using var client = LocalEndpoint.Connect(folder["s"]).Value;
        Assert.True(client.Connected);
    }

    [Fact]
    public void A_file_that_is_no_socket_is_not_removed()
    {
        File.WriteAllText(folder["s"], "");
        Assert.Equal("endpoint.not-a-socket", LocalEndpoint.Listen(folder["s"]).Problems[0].Rule);
        Assert.True(File.Exists(folder["s"]));
    }

    [Fact]
    public void A_path_that_does_not_fit_says_by_how_much()
    {
        var problem = LocalEndpoint.CheckPath("/" + new string('x', 120)).Problems[0];
        Assert.Equal("endpoint.path-too-long", problem.Rule);
        Assert.Contains("14 bytes shorter", problem.Mend, StringComparison.Ordinal);
        Assert.True(LocalEndpoint.CheckPath("/" + new string('x', 106)).IsOk);
        Assert.Equal(ProblemKind.BadInput, problem.Kind);
    }
}
