using Holdfast.Platform.Windows.EventLog;

namespace Holdfast.Platform.Tests.Windows;

/// <summary>
/// A fake of the Event Log that reads what it is passed, as Windows would, and records it. It stands in for Wine, whose ReportEvent writes nothing.
/// </summary>
internal sealed unsafe class FakeEventLogApi : IEventLogApi
{
    private readonly Lock gate = new();
    private readonly List<string> written = [];
    private readonly HashSet<nint> open = [];
    private nint last;

    /// <summary>Each as <c>source id type: string | string</c>.</summary>
    public IReadOnlyList<string> Written
    {
        get
        {
            lock (gate) return [.. written];
        }
    }

    /// <summary>Called by every report, before anything else.</summary>
    public Action Reporting { get; set; } = () => { };

    /// <summary>What opening is answered with; 0: it opens.</summary>
    public uint OpenAnswer { get; set; }

    /// <summary>What each report is answered with, in turn; then 0.</summary>
    public Queue<uint> Answers { get; } = new();

    public int OpenHandles => open.Count;

    public string Source { get; private set; } = "";

    public uint Open(string source, out nint log)
    {
        log = 0;
        if (OpenAnswer != 0) return OpenAnswer;
        Source = source;
        open.Add(log = ++last);
        return 0;
    }

    public uint Report(nint log, ushort type, uint id, ushort count, char** strings)
    {
        Reporting();
        if (!open.Contains(log)) return 6;
        if (Answers.TryDequeue(out var answer) && answer != 0) return answer;
        var texts = Enumerable.Range(0, count).Select(at => new string(strings[at]));
        lock (gate) written.Add($"{Source} {id} {type}: {string.Join(" | ", texts)}");
        return 0;
    }

    public void Close(nint log) => Assert.True(open.Remove(log), "a handle that is not open was closed");
}
