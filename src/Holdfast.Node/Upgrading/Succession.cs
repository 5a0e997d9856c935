using Holdfast.Core.Auditing;

namespace Holdfast.Node.Upgrading;

/// <summary>That another build is to take this agent's place, and which. Its outcome is known to that one only.</summary>
internal sealed class Succession : IDisposable
{
    public const string Action = "upgrade";

    public const string Target = "agent";

    private const string Folder = "folder";

    private readonly CancellationTokenSource wanted = new();

    /// <summary>The executable that this process is to become; null: this agent stays.</summary>
    public string? Next { get; private set; }

    /// <summary>Cancelled when there is a <see cref="Next"/>.</summary>
    public CancellationToken Wanted => wanted.Token;

    public void Hand(string executable)
    {
        Next = executable;
        wanted.Cancel();
    }

    public static IReadOnlyDictionary<string, string> Details(ProductBuild build, string from, string to) =>
        new Dictionary<string, string> { [Folder] = build.Folder, ["from"] = from, ["to"] = to };

    /// <summary>What the agent that runs now says of an upgrade of its predecessor that is open in the record; null: it did not come to it.</summary>
    /// <param name="own">The folder that it runs from.</param>
    public static IReadOnlyDictionary<string, string>? Judge(AuditEntry open, string own) =>
        open is { Action: Action, Target: Target } && open.Details.TryGetValue(Folder, out var folder) && ProductBuild.Same(folder, own) ? open.Details : null;

    public void Dispose() => wanted.Dispose();
}
