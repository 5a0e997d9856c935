using Holdfast.Core.Problems;
using Holdfast.Rpc;

namespace Holdfast.Storage.Etcd;

/// <summary>How a call to etcd ended, after all attempts.</summary>
/// <param name="Repeated">An attempt before may have been done as well.</param>
internal abstract record EtcdReply<T>(bool Repeated)
{
    public sealed record Answer(T Message, bool Repeated) : EtcdReply<T>(Repeated);

    /// <summary>It was judged and changed nothing.</summary>
    public sealed record Refusal(StatusCode Code, Problem Problem, bool Repeated) : EtcdReply<T>(Repeated);

    /// <summary>Nobody could say in time. <see cref="EtcdReply{T}.Repeated"/>: it may be done, or yet be done.</summary>
    public sealed record Silence(Problem Problem, bool Repeated) : EtcdReply<T>(Repeated);
}
