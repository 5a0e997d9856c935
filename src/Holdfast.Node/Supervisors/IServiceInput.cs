using Holdfast.Core.Supervision.Control;

namespace Holdfast.Node.Supervisors;

/// <summary>An instance's standard input: whichever process it has, and whichever supervisor's image keeps it. One call at a time.</summary>
public interface IServiceInput : IAsyncDisposable
{
    /// <summary>Gives bytes to the process, all together and not mixed with anybody else's; returns when they are in its pipe, or will not be.</summary>
    /// <param name="bytes">At most <see cref="ControlProtocol.LargestData"/>.</param>
    /// <param name="ends">The process's input ends behind them.</param>
    /// <param name="cancel">Takes back what was not written yet. How much was written is then known by <see cref="WithdrawAsync"/>.</param>
    Task<Taken> GiveAsync(ReadOnlyMemory<byte> bytes, bool ends, CancellationToken cancel);

    /// <summary>After a cancelled <see cref="GiveAsync"/>: takes the rest back. No call follows but the disposal.</summary>
    /// <returns>How many bytes of it are in the process's pipe; null: nobody knows.</returns>
    Task<int?> WithdrawAsync();
}
