using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Pinning;

namespace Holdfast.Cli.Units;

/// <summary>The machine's service manager, as far as services of ours are concerned: each is a supervisor of its own that it starts, stops and watches.</summary>
internal interface INativeServices
{
    /// <summary>What keeps it from being used here; Done: nothing.</summary>
    Outcome<Done> Check();

    /// <summary>What it is called there.</summary>
    string NameOf(string service);

    /// <summary>The password that it needs to run a service under an account: asked for, read from where it was said, or none.</summary>
    /// <param name="account">Null: its own.</param>
    /// <param name="before">The account whose password it has already.</param>
    /// <param name="from">See <see cref="AccountPassword.From"/>; null: nothing was said.</param>
    Outcome<AccountPassword> PasswordOf(string? account, string? before, string? from);

    /// <summary>What may keep one more service from running on this machine. Nothing is refused for that: it is an estimate.</summary>
    /// <param name="account">Null: the service manager's own.</param>
    IReadOnlyList<Problem> Foresee(string service, string? account);

    /// <summary>Makes it known, or brings what is known of it up to date. Starts nothing.</summary>
    Outcome<Done> Register(PinnedService service, AccountPassword password);

    /// <summary>Returns when it is ready, or will not become so by itself. Done also where it runs.</summary>
    Outcome<Done> Start(string service);

    /// <summary>Returns when nothing of it runs any more. Done also where nothing does.</summary>
    Outcome<Done> Stop(string service);

    /// <summary>Returns when it is paused, as its spec says, or is not. Done also where it is.</summary>
    Task<Outcome<Done>> PauseAsync(string service, CancellationToken cancel);

    /// <summary>Returns when it goes on, or does not. Done also where it runs.</summary>
    Task<Outcome<Done>> ContinueAsync(string service, CancellationToken cancel);

    /// <summary>What the service manager has otherwise than we have told it; null: this one is not asked for that.</summary>
    Outcome<IReadOnlyList<ConfigDifference>>? Drift(PinnedService service);

    /// <summary>Stopped first; done also where it is not known.</summary>
    Outcome<Done> Unregister(string service);

    NativeLook Look(string service);
}

/// <param name="State">running, starting, stopping, stopped, failed; pausing, paused, continuing on Windows; unknown: the service manager does not know it.</param>
/// <param name="Pid">The supervisor's; 0: it does not run.</param>
internal sealed record NativeLook(string State, int Pid);
