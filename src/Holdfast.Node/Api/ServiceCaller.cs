using Holdfast.Core.Auditing;
using Holdfast.Core.Problems;
using Holdfast.Core.Services;
using Holdfast.Node.Operations;
using Holdfast.Rpc;
using Holdfast.Rpc.Server;

namespace Holdfast.Node.Api;

/// <summary>The instance that calls at the services' door, which may append records.</summary>
/// <param name="Author">As records have it.</param>
/// <param name="Allowed">What its spec lets it do.</param>
/// <param name="Origin">From where it calls.</param>
internal sealed record ServiceCaller(RecordAuthor Author, AuditSpec Allowed, CallOrigin Origin)
{
    public static ServiceCaller Of(ServerCallContext context) =>
        (ServiceCaller?)context.Peer ?? throw new InvalidOperationException("The call came without a service.");

    /// <summary>What is thrown at it; it is recorded, or counted.</summary>
    public RpcException Refuse(Refusals refusals, Problem problem, StatusCode? code = null)
    {
        refusals.Note(Author.Actor, new(Author.Actor, Origin), RecordProblems.Attempt, Author.Service, [problem]);
        return ProblemTranslation.ToException([problem], code);
    }
}
