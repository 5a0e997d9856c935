using Holdfast.Core.Clusters;
using Holdfast.Core.Problems;
using Holdfast.Identity.Certificates;
using Holdfast.Node.Hosting;
using Holdfast.Node.Operations;
using Holdfast.Platform;

namespace Holdfast.Node.Clusters;

/// <summary>
/// Lets machines become nodes, where the authority is: by a token that is good once, for one name, for a few minutes. One at a time, and whatever comes of it is in the
/// record, but for those who come while nobody is let in: of them the first.
/// </summary>
internal sealed class ClusterJoining(Home home, AgentIdentity agent, ChangeRecord record, TimeProvider time) : IDisposable
{
    public const string TokenAct = "cluster.token";

    private const string JoinAct = "cluster.join", RenewAct = "certs.renew";

    /// <summary>Every certificate is in the register for good: a node that asks in a loop must not fill it. A lost answer is asked for again after that.</summary>
    private static readonly TimeSpan RenewedAgainAfter = TimeSpan.FromMinutes(15);

    /// <summary>What is asked for goes into the record: it is bounded first.</summary>
    private const int MostAddresses = 32, LongestWord = 253;

    private readonly CertificateAuthority authority = new(home, time);
    private readonly JoinTokenFile file = new(home);
    private readonly SemaphoreSlim turn = new(1);
    private readonly long began = time.GetTimestamp();
    private RefusedTries tries = RefusedTries.None;
    private bool closedIsRecorded;

    /// <summary>What else a new node is given, by its name: bytes that it keeps as they are. Problems: it does not join, and its token stays good.</summary>
    public Func<string, Outcome<byte[]>> Document { get; set; } = _ => Outcome.Of<byte[]>([]);

    /// <summary>The authority's certificate (PEM), which is for everybody to see.</summary>
    public Outcome<string> Authority() => authority.IsHere ? authority.Published().Then(published => Outcome.Of(published.Authority)) : JoinProblems.NoAuthority(agent.Node);

    /// <summary>A token for a node of that name.</summary>
    public async Task<Outcome<GivenToken>> GiveTokenAsync(Actor actor, string node, TimeSpan life, CancellationToken cancel)
    {
        using var mine = await EnterAsync(cancel);
        var giving = new TokenGiving(authority, file, () => agent.Listens, time);
        return await record.AroundAsync(
            actor, TokenAct, Target(node), NewId(), new Dictionary<string, string> { ["minutes"] = $"{life.TotalMinutes:0}" },
            () => Task.FromResult(Authority().Then(_ => giving.Give(node, life))));
    }

    /// <summary>A certificate for who has a token, or why not.</summary>
    /// <param name="caller">What is known of who asks.</param>
    public async Task<Outcome<JoinAnswer>> JoinAsync(JoinAsk ask, Actor caller, CancellationToken cancel)
    {
        using var mine = await EnterAsync(cancel);
        if (tries.IsClosed(time.GetElapsedTime(began))) return Closed(ask, caller);
        var joined = await JudgeAsync(ask, caller);
        if (!joined.IsOk) (tries, closedIsRecorded) = (tries.Add(time.GetElapsedTime(began)), false);
        return joined;
    }

    /// <summary>Another certificate for a node, under the name and addresses that it has.</summary>
    /// <param name="caller">Who asks, by the certificate that it shows.</param>
    /// <param name="request">For its new key: PKCS#10, PEM.</param>
    public async Task<Outcome<JoinAnswer>> RenewAsync(Actor caller, string request, CancellationToken cancel)
    {
        using var mine = await EnterAsync(cancel);
        if (NodeNamed(caller.Name) is not { } node) return NoNode(caller.Name);
        var ready = Authority().Then(_ => NotJustRenewed(caller.Name)).Then(_ => Document(node));
        if (!ready.TryGet(out var document)) return Outcome.Failed<JoinAnswer>(ready.Problems);
        return await record.AroundAsync(
            caller, RenewAct, caller.Name, NewId(), new Dictionary<string, string>(),
            async () => (await authority.RenewAsync(caller.Name, request, CancellationToken.None)).Then(made => Outcome.Of(new JoinAnswer(made.Certificate, "", document, made.Entry.Serial))),
            answer => new Dictionary<string, string> { ["serial"] = answer.Serial });
    }

    public void Dispose() => turn.Dispose();

    private static string? NodeNamed(string caller) => caller.Split('/') is [var role, var name] && PeerName.Of(role, name).TryGet(out var peer) && peer.Role == PeerRole.Node ? peer.Name : null;

    private Outcome<Done> NotJustRenewed(string node) => authority.Register().Then(register =>
        register.Find(node, time.GetUtcNow()) is [.., var last] && time.GetUtcNow() - last.From < RenewedAgainAfter ? JustRenewed(node, last) : Outcome.Done);

    private static Problem NoNode(string caller) => new(ProblemKind.Refused, "certs.not-a-node", $"{caller} is no node: it is not given a node's certificate.") { Mend = "`holdfast certs renew` renews others', where the authority is" };

    private static Problem JustRenewed(string node, IssuedCertificate last) => new(ProblemKind.Conflict, "certs.just-renewed", $"{node} has a certificate from {last.From.UtcDateTime:u} on.")
    {
        Why = "each one that is given out is kept in the register",
        Mend = $"ask again {RenewedAgainAfter.TotalMinutes:0} minutes after that",
    };

    private async Task<Outcome<JoinAnswer>> JudgeAsync(JoinAsk ask, Actor caller)
    {
        var known = file.Read();
        var judged = known.Then(tokens => tokens.Judge(ask.Secret.Span, ask.Node, time.GetUtcNow()));
        if (!judged.TryGet(out var token)) return Refused(ask, caller, judged.Problems);
        var unfit = JoinRules.Judge(agent.Version, ask.Version, time.GetUtcNow(), ask.Now);
        if (unfit.Count > 0) return Refused(ask, caller, unfit);
        if (ask.Addresses.Count > MostAddresses || ask.Addresses.Append(ask.Version).Any(one => one.Length > LongestWord)) return Refused(ask, caller, [TooMuch()]);
        return await record.AroundAsync(
            caller, JoinAct, Target(ask.Node), NewId(), new Dictionary<string, string> { ["addresses"] = string.Join(' ', ask.Addresses), ["version"] = ask.Version },
            () => AdmitAsync(ask, known.Value, token), answer => new Dictionary<string, string> { ["serial"] = answer.Serial });
    }

    /// <summary>The token is used before there is a certificate: what dies in between leaves a token that is worth nothing, and no second node.</summary>
    private async Task<Outcome<JoinAnswer>> AdmitAsync(JoinAsk ask, IssuedTokens tokens, IssuedToken token)
    {
        var ready = authority.IsNameFree(ask.Node).Then(_ => authority.Published()).Then(published => Document(ask.Node).Then(document => Outcome.Of((published.Roots, document))));
        if (!ready.TryGet(out var given)) return Outcome.Failed<JoinAnswer>(ready.Problems);
        var used = file.Write(tokens.Used(token, time.GetUtcNow()));
        if (!used.IsOk) return Outcome.Failed<JoinAnswer>(used.Problems);
        // Not the caller's to cancel any more: it is finished, or taken back.
        var made = await authority.AdmitNodeAsync(ask.Node, ask.Addresses, ask.Request, CancellationToken.None);
        if (made.TryGet(out var certificate)) return new JoinAnswer(certificate.Certificate, given.Roots, given.document, certificate.Entry.Serial);
        return file.Write(tokens) is { IsOk: false } stuck ? Outcome.Failed<JoinAnswer>([.. made.Problems, .. stuck.Problems]) : Outcome.Failed<JoinAnswer>(made.Problems);
    }

    private Outcome<JoinAnswer> Closed(JoinAsk ask, Actor caller)
    {
        var problem = JoinProblems.TooManyTries();
        if (closedIsRecorded) return problem;
        closedIsRecorded = true;
        return Refused(ask, caller, [problem]);
    }

    private Outcome<JoinAnswer> Refused(JoinAsk ask, Actor caller, IReadOnlyList<Problem> problems)
    {
        var recorded = record.Refused(caller, JoinAct, Target(ask.Node), NewId(), problems);
        return Outcome.Failed<JoinAnswer>([.. problems, .. recorded.Problems]);
    }

    /// <summary>A name that is none is not written down: it is whatever somebody sent.</summary>
    public static string Target(string node) => PeerName.IsName(node) ? new PeerName(PeerRole.Node, node).ToString() : "node";

    private static Problem TooMuch() => new(ProblemKind.BadInput, "cluster.addresses", $"A node is called by {MostAddresses} addresses at most, none of more than {LongestWord} letters.") { Mend = "leave some --address out" };

    private static string NewId() => Guid.NewGuid().ToString("n");

    private async Task<IDisposable> EnterAsync(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        return new Turn(turn);
    }

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
