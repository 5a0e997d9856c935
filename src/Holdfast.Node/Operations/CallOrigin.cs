using System.Globalization;
using Holdfast.Core.Auditing;
using Holdfast.Platform;

namespace Holdfast.Node.Operations;

/// <summary>From where a call came, as the kernel and the handshake say: nothing of it is the caller's word.</summary>
/// <param name="from">The local socket or pipe, or an address.</param>
/// <param name="pid">Of the process at the other end; null: it is on another machine.</param>
/// <param name="certificate">SHA-256 of the certificate that was shown; null: none was.</param>
internal sealed class CallOrigin(string from, int? pid = null, string? certificate = null)
{
    // Asked for when the first entry is written, which is while the caller waits: most calls write none.
    private readonly Lazy<string?> program = new(() => pid is { } known and > 0 ? ProcessFacts.Executable(known) : null);

    /// <summary>For an entry: <see cref="CallDetails"/>.</summary>
    public IReadOnlyDictionary<string, string> Details
    {
        get
        {
            var details = new Dictionary<string, string> { [CallDetails.From] = from };
            if (pid is { } known and > 0) details[CallDetails.Pid] = known.ToString(CultureInfo.InvariantCulture);
            if (program.Value is { Length: > 0 } file) details[CallDetails.Program] = file;
            if (certificate is not null) details[CallDetails.Certificate] = certificate;
            return details;
        }
    }
}
