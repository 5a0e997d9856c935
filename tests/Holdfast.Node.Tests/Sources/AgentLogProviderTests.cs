using System.Text;
using System.Text.Json;
using Holdfast.Node.Sources;
using Holdfast.Platform;
using Holdfast.Segments;
using Microsoft.Extensions.Logging;

namespace Holdfast.Node.Tests.Sources;

/// <summary>What is logged is in the agent's stream, and whatever is wrong with it is nobody's trouble.</summary>
public sealed class AgentLogProviderTests : IDisposable
{
    private readonly Home home = new(Directory.CreateTempSubdirectory("holdfast-agent-log-").FullName);

    public void Dispose() => Directory.Delete(home.Path, recursive: true);

    [Fact]
    public void What_is_logged_is_a_line_with_its_level_its_number_and_its_error()
    {
        Directory.CreateDirectory(home.AgentStream);
        using var loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Information));
        // It was made before there is a stream.
        var log = loggers.CreateLogger("Holdfast.Test");
        using (var said = AgentLogProvider.Open(home, TimeProvider.System))
        {
            loggers.AddProvider(new AgentLogProvider(said, TimeProvider.System));
            log.Log(LogLevel.Debug, 7, "not asked for", null, (text, _) => text);
            log.Log(LogLevel.Warning, 1105, "the text", new InvalidOperationException("no"), (text, _) => text);
            log.Log(LogLevel.Information, 1106, "", null, (_, _) => throw new FormatException("a bug in a text"));
            log.Log(LogLevel.Critical, default, "the last", null, (text, _) => text);
        }

        log.Log(LogLevel.Critical, default, "after the end", null, (text, _) => text);
        var lines = new List<JsonElement>();
        var lost = 0L;
        using var reader = SegmentReader.Open(home.AgentStream, SegmentStart.Beginning, TimeProvider.System);
        while (reader.TryRead(out var block))
        {
            lost += block.Loss?.Lines ?? 0;
            if (block.Loss is not null) continue;
            foreach (var line in block.Split()) lines.Add(JsonDocument.Parse(Encoding.UTF8.GetString(line.Text.Span)).RootElement);
        }

        Assert.Equal(["warn the text", "critical the last"], lines.Select(line => $"{line.GetProperty("log.level").GetString()} {line.GetProperty("message").GetString()}"));
        Assert.Equal(("Holdfast.Test", "1105", "System.InvalidOperationException", "no"), (Text("log.logger"), Text("event.code"), Text("error.type"), Text("error.message")));
        Assert.Equal(1, lost);

        string Text(string name) => lines[0].GetProperty(name).GetString()!;
    }
}
