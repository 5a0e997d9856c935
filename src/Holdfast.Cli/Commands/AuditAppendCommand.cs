using System.CommandLine;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Holdfast.Cli.Api;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Holdfast.Node.Api;
using Holdfast.Platform;
using Holdfast.Rpc;
using Holdfast.Rpc.V1;
using Problem = Holdfast.Core.Problems.Problem;

namespace Holdfast.Cli.Commands;

/// <summary>For services: a record of their own in the audit log, from within a service, whatever it is written in.</summary>
internal sealed class AuditAppendCommand : CliCommand
{
    private readonly Argument<string> action = new("action") { Description = "What was done, in the service's own words: booking.cancelled" };
    private readonly Argument<string> target = new("target") { Description = "On what" };
    private readonly Option<string> outcome = new("--outcome") { Description = "done, intended, refused or failed (default: done)", HelpName = "WORD", DefaultValueFactory = _ => "" };
    private readonly Option<string> operation = new("--operation") { Description = "The same in several records ties them together", HelpName = "ID", DefaultValueFactory = _ => "" };
    private readonly Option<string> why = new("--why") { Description = "Why", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private readonly Option<string[]> detail = new("--detail") { Description = "What else matters, never a secret; may be given more than once", HelpName = "KEY=VALUE" };
    private readonly Option<string> format = FormatOption.Plain();

    public AuditAppendCommand(CliContext cli)
        : base(cli, "append", "Append a record of a service's own business, from within the service; returns when it is on disk")
    {
        Arguments.Add(action);
        Arguments.Add(target);
        foreach (var option in new Option[] { outcome, operation, why, detail, format }) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var details = Details(parse.GetValue(detail) ?? []);
        if (!details.TryGet(out var given)) return Terminal.Fail(details.Problems);
        if (Environment.GetEnvironmentVariable(Home.RecordsVariable) is not { Length: > 0 } address) return Terminal.Fail(NoService());
        var request = new AppendRecordRequest
        {
            Action = parse.GetRequiredValue(action),
            Target = parse.GetRequiredValue(target),
            Outcome = parse.GetValue(outcome) ?? "",
            Operation = parse.GetValue(operation) ?? "",
            Why = parse.GetValue(why) ?? "",
            Details = { given },
        };
        try
        {
            using var api = ApiSession.OpenAddress(address, Cli.Time);
            Show(await api.Records.AppendAsync(request, ApiSession.Short(cancel)), parse.Format(format));
            return ExitCode.Ok;
        }
        catch (RpcException failure) when (!cancel.IsCancellationRequested && failure.Status.Code == StatusCode.Unavailable && failure.Trailers.GetBytes(ProblemTranslation.Trailer) is null)
        {
            return Terminal.Fail(NoAnswer(failure, address));
        }
    }

    private void Show(AppendRecordResponse entry, OutputFormat shown)
    {
        if (shown.IsDocument()) Terminal.Document(new JsonObject { ["sequence"] = entry.Sequence, ["at"] = Human.Stamp(entry.At), ["hash"] = entry.Hash }, shown);
        else Terminal.Line($"Recorded as entry {entry.Sequence}.");
    }

    private static Outcome<Dictionary<string, string>> Details(string[] given)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        var problems = new List<Problem>();
        foreach (var one in given)
        {
            if (one.Split('=', 2) is not [{ Length: > 0 } key, var value]) problems.Add(Bad($"'{one}' is no detail.", "write it as KEY=VALUE"));
            else if (!details.TryAdd(key, value)) problems.Add(Bad($"The detail {key} is given twice.", "give it once"));
        }

        return problems.Count > 0 ? problems : details;
    }

    private static Problem Bad(string what, string mend) => new(ProblemKind.BadInput, "record.detail", what) { Mend = mend };

    private static Problem NoService() => new(ProblemKind.Refused, "record.no-service", $"{Home.RecordsVariable} is not set: this process was not started as a service that may append records.")
    {
        Mend = "say `audit: {append: true}` in the service's spec, and call this from within the service",
    };

    private static Problem NoAnswer(RpcException failure, string address) => ApiFailure.SocketErrorOf(failure) is SocketError.ConnectionRefused or SocketError.AddressNotAvailable or SocketError.AccessDenied
        ? new(ProblemKind.Unavailable, "agent.not-running", $"No agent answers at {address}; nothing was recorded.") { Mend = "try again: while it is replaced or started anew it is away for a moment" }
        : new(ProblemKind.Unavailable, "record.unanswered", "The agent went away before it had answered: whether the record was written is not known.") { Why = failure.Status.Detail, Mend = "try again, with an --operation by which one that is there twice can be told" };
}
