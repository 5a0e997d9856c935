using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Hosting;

/// <summary>What the agent says of itself. Ids are append-only.</summary>
internal static partial class AgentLog
{
    [LoggerMessage(1101, LogLevel.Information, "Agent {Version} is ready; home {Home}, metrics {Metrics}")]
    public static partial void Started(ILogger log, string version, string home, string metrics);

    [LoggerMessage(1102, LogLevel.Information, "Agent stops; services run on")]
    public static partial void Stopping(ILogger log);

    [LoggerMessage(1103, LogLevel.Error, "A bug in {Method}: please report it")]
    public static partial void Bug(ILogger log, string method, Exception error);

    [LoggerMessage(1104, LogLevel.Warning, "The supervisor cannot be started: {Problems}")]
    public static partial void NoSupervisor(ILogger log, string problems);

    [LoggerMessage(1105, LogLevel.Warning, "Old audit files could not be retired: {Problems}")]
    public static partial void NotRetired(ILogger log, string problems);

    [LoggerMessage(1106, LogLevel.Warning, "What is past could not be cleared away: {Problems}")]
    public static partial void NotTidied(ILogger log, string problems);

    [LoggerMessage(1108, LogLevel.Information, "The API answers at {Address}, in mutual TLS")]
    public static partial void Listening(ILogger log, string address);

    [LoggerMessage(1109, LogLevel.Warning, "A caller was not let in: {Why}")]
    public static partial void NotLetIn(ILogger log, string why);

    [LoggerMessage(1110, LogLevel.Error, "The certificates in {Folder} cannot be read, so the former ones stay: {Problems}")]
    public static partial void CertificatesNotRead(ILogger log, string folder, string problems);

    [LoggerMessage(1111, LogLevel.Information, "This node's certificate was renewed; the new one ends on {Until}")]
    public static partial void CertificateRenewed(ILogger log, string until);

    [LoggerMessage(1112, LogLevel.Warning, "This node's certificate ends on {Until} and was not renewed: {Problems}")]
    public static partial void CertificateNotRenewed(ILogger log, string until, string problems);

    [LoggerMessage(1113, LogLevel.Information, "The machine goes down: {Said}")]
    public static partial void Handover(ILogger log, string said);

    [LoggerMessage(1114, LogLevel.Warning, "A change of the policy files could not be recorded: {Problems}")]
    public static partial void PolicyNotRecorded(ILogger log, string problems);

    [LoggerMessage(1107, LogLevel.Information, "Agent becomes {Next}; services run on")]
    public static partial void HandingOver(ILogger log, string next);
}
