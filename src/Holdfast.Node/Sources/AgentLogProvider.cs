using Holdfast.Core.Redaction;
using Holdfast.Core.Services;
using Holdfast.Platform;
using Holdfast.Segments;
using Holdfast.Telemetry.Sources.Agent;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Sources;

/// <summary>What the agent logs goes into a stream of its own as well, besides wherever else it goes.</summary>
internal sealed class AgentLogProvider(AgentLogStore store, TimeProvider time) : ILoggerProvider
{
    /// <summary>What the agent says is little, and a power cut may cost the last of it: a sync for each line is not worth it.</summary>
    private static readonly SegmentPolicy policy = new() { KeepBytes = 64L << 20, RotateBytes = 8L << 20, SyncAfter = TimeSpan.FromSeconds(5) };

    /// <summary>Where lines of this home are kept. The caller holds its agent lock: a stream has one writer.</summary>
    public static AgentLogStore Open(Home home, TimeProvider time) => new(home.AgentStream, RedactionRules.Create(new RedactionSpec(), []).Value, policy, time);

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, store, time);

    public void Dispose()
    {
        // The store is closed by who opened it, and takes nothing any more then.
    }

    private sealed class Logger(string category, AgentLogStore store, TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            try
            {
                var error = exception is null ? null : new AgentError(exception.GetType().FullName ?? exception.GetType().Name, exception.Message, exception.ToString());
                store.Add(new(time.GetUtcNow(), Word(logLevel), category, eventId.Id, formatter(state, exception), error));
            }
            catch (Exception)
            {
                // A text that cannot be made is no reason to disturb whoever says it.
                store.Miss();
            }
        }

        private static string Word(LogLevel level) => level switch
        {
            LogLevel.Trace => "trace",
            LogLevel.Debug => "debug",
            LogLevel.Information => "info",
            LogLevel.Warning => "warn",
            LogLevel.Error => "error",
            _ => "critical",
        };
    }
}
