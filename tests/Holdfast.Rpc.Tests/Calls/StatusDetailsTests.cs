using Google.Protobuf.WellKnownTypes;
using Grpc.Testing;
using Holdfast.Rpc.Server;
using static Grpc.Testing.TestService;

namespace Holdfast.Rpc.Tests.Calls;

public sealed class StatusDetailsTests
{
    [Fact]
    public async Task Details_of_a_failure_arrive_as_they_were_said()
    {
        await using var rpc = await RpcPair.StartAsync(new Refusing());

        var failure = await Assert.ThrowsAsync<RpcException>(() => new TestServiceClient(rpc.Channel).UnaryCallAsync(new SimpleRequest()));

        Assert.Equal(new RpcStatus(StatusCode.ResourceExhausted, "too much"), failure.Status);
        var details = failure.Details()!;
        Assert.Equal("too much", details.Message);
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.Single(details.Details).Unpack<Duration>().ToTimeSpan());
        Assert.Equal("yes", failure.Trailers.GetText("x-more"));
    }

    [Fact]
    public void Without_details_or_with_those_of_another_status_there_are_none()
    {
        var other = new Google.Rpc.Status { Code = (int)StatusCode.NotFound }.ToException().Trailers;

        Assert.Null(new RpcException(StatusCode.Internal, "").Details());
        Assert.Null(new RpcException(new RpcStatus(StatusCode.Internal, ""), other).Details());
        Assert.Null(new RpcException(new RpcStatus(StatusCode.Internal, ""), [new("grpc-status-details-bin", [0xff])]).Details());
    }

    private sealed class Refusing : TestServiceBase
    {
        public override Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context) => throw new Google.Rpc.Status
        {
            Code = (int)StatusCode.ResourceExhausted,
            Message = "too much",
            Details = { Any.Pack(new Duration { Seconds = 5 }) },
        }.ToException([new("x-more", "yes")]);
    }
}
