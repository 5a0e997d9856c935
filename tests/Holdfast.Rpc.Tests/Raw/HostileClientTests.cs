using System.Collections.Concurrent;
using System.Net.Sockets;
using Google.Protobuf.WellKnownTypes;
using Holdfast.Rpc.Client;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.Tests.Calls;
using Holdfast.Rpc.Wire;

namespace Holdfast.Rpc.Tests.Raw;

/// <summary>What the server does with clients that go away.</summary>
public sealed class HostileClientTests
{
    private const int Calls = 10_000, AtOnce = 50;

    [Fact]
    public async Task Ten_thousand_cancelled_calls_leave_nothing_behind()
    {
        var service = new Waiting();
        await using var rpc = await RpcPair.StartAsync(service);
        var left = Calls;
        async Task CancelMany()
        {
            while (Interlocked.Decrement(ref left) is >= 0 and var number)
            {
                using var cancel = new CancellationTokenSource();
                var call = rpc.Channel.UnaryAsync(Waiting.Wait, new StringValue { Value = $"{number}" }, new CallOptions(cancel.Token));
                // Some before the server has heard of it, most while it answers.
                if (number % 3 > 0) await service.BeginsAsync($"{number}");
                await cancel.CancelAsync();
                var status = (await Assert.ThrowsAsync<RpcException>(() => call)).Status;
                Assert.Equal(StatusCode.Cancelled, status.Code);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => CancelMany())).WaitAsync(RpcFixture.Patience * 4);

        await Eventually.SeeAsync("no call runs", () => service.Running == 0);
        Assert.InRange(service.Begun, Calls * 2 / 3, Calls);
        Assert.Empty(rpc.Bugs);
        service.Release();
        Assert.Equal("released", (await rpc.Channel.UnaryAsync(Waiting.Wait, new StringValue(), default)).Value);
    }

    [Fact]
    public async Task A_request_that_is_reset_in_the_middle_of_a_message_ends_its_call_and_no_other()
    {
        var service = new Waiting();
        await using var rpc = await RpcPair.StartAsync(service);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", new Uri(rpc.Host.Addresses.Single()).Port);
        var stream = client.GetStream();
        var request = ShortFrames.Request(Waiting.Wait.Path, [0, 0, 0, 0, 9, 1]);
        // The last frame's END_STREAM off: more was to come.
        request[^(6 + ShortFrames.HeadBytes - 4)] = 0;
        await stream.WriteAsync(request);
        // RST_STREAM, CANCEL.
        await stream.WriteAsync(new byte[] { 0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8 });
        service.Release();

        Assert.Equal("released", (await rpc.Channel.UnaryAsync(Waiting.Wait, new StringValue(), default)).Value);
        // The same connection goes on: PING is answered.
        await stream.WriteAsync(new byte[] { 0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8 });
        var head = new byte[ShortFrames.HeadBytes];
        using var patience = new CancellationTokenSource(RpcFixture.Patience, TimeProvider.System);
        do
        {
            await stream.ReadExactlyAsync(head, patience.Token);
            await stream.ReadExactlyAsync(new byte[ShortFrames.Read(head).Length], patience.Token);
        }
        while (ShortFrames.Read(head) is not { Type: 6, Flags: ShortFrames.Ack });
        Assert.Equal(1, service.Begun);
        Assert.Empty(rpc.Bugs);
    }

    /// <summary>One call that waits until it is released or cancelled, and counts.</summary>
    private sealed class Waiting : RpcService
    {
        public static readonly Method<StringValue, StringValue> Wait = new(MethodKind.Unary, "test.v1.Waiting", "Wait", StringValue.Parser, StringValue.Parser);

        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentDictionary<string, TaskCompletionSource> begins = new();
        private int running;
        private int begun;

        public int Running => Volatile.Read(ref running);

        public int Begun => Volatile.Read(ref begun);

        /// <summary>Waits until the call with this word in it has begun.</summary>
        public Task BeginsAsync(string word) => BeginOf(word).Task;

        public void Release() => released.SetResult();

        private TaskCompletionSource BeginOf(string word) => begins.GetOrAdd(word, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

        public override void Bind(MethodTable methods) => methods.Unary(Wait, async (request, context) =>
        {
            Interlocked.Increment(ref running);
            Interlocked.Increment(ref begun);
            BeginOf(request.Value).TrySetResult();
            try
            {
                await released.Task.WaitAsync(context.Cancel);
                return new StringValue { Value = "released" };
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        });
    }
}
