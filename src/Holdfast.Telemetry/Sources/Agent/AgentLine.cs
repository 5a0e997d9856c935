using System.Text;
using Holdfast.Core.Shipping;

namespace Holdfast.Telemetry.Sources.Agent;

/// <summary>What the agent said of itself once.</summary>
/// <param name="Level">trace, debug, info, warn, error, critical.</param>
/// <param name="Logger">The part of the agent that said it.</param>
/// <param name="Code">What kind of thing it is; 0: it has no number.</param>
/// <param name="Error">Null: there was none.</param>
public sealed record AgentLine(DateTimeOffset At, string Level, string Logger, int Code, string Message, AgentError? Error = null)
{
    /// <summary>Of one text, in characters; what is longer is cut, and says so.</summary>
    private const int LongestText = 64 << 10;

    /// <summary>About how much memory it takes, in characters.</summary>
    internal int Size => Message.Length + (Error is null ? 0 : Error.Message.Length + Error.StackTrace.Length);

    /// <summary>Writes it as one object of JSON in the words of the Elastic Common Schema, newline included.</summary>
    internal void Write(EventBuffer to)
    {
        to.Add("{\"@timestamp\":\""u8);
        to.AddTime(At);
        to.Add((byte)'"');
        Add(to, "log.level", Level);
        Add(to, "log.logger", Logger);
        // A keyword in the schema, so it is a text.
        if (Code != 0) Add(to, "event.code", $"{Code}");
        Add(to, "message", Message);
        if (Error is not null)
        {
            Add(to, "error.type", Error.Type);
            Add(to, "error.message", Error.Message);
            Add(to, "error.stack_trace", Error.StackTrace);
        }

        to.Add("}\n"u8);
    }

    private static void Add(EventBuffer to, string name, string text)
    {
        if (text.Length > LongestText) text = $"{text.AsSpan(0, LongestText)}… ({text.Length} characters)";
        RelayedLine.Add(to, name, Encoding.UTF8.GetBytes(text));
    }
}

/// <summary>What went wrong, by the names of .NET.</summary>
public sealed record AgentError(string Type, string Message, string StackTrace);
