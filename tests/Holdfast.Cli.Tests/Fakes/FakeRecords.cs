using Holdfast.Rpc;
using Holdfast.Rpc.Server;
using Holdfast.Rpc.V1;
using static Holdfast.Rpc.V1.Records;

namespace Holdfast.Cli.Tests.Fakes;

internal sealed class FakeRecords : RecordsBase
{
    public AppendRecordRequest? Asked { get; private set; }

    /// <summary>What is thrown instead of an answer; null: it answers.</summary>
    public RpcException? Failure { get; set; }

    public override Task<AppendRecordResponse> Append(AppendRecordRequest request, ServerCallContext context)
    {
        Asked = request;
        return Failure is null
            ? Task.FromResult(new AppendRecordResponse { Sequence = 42, Hash = new string('a', 64), At = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(FixedTime.Now) })
            : throw Failure;
    }
}
