using System.CommandLine;
using Holdfast.Cli.Units;
using Holdfast.Core.NativeServices;
using Holdfast.Core.Problems;
using Holdfast.Node.Pinning;
using Holdfast.Packaging.Documents;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>A command that makes a program of the host a service: pinned, known to the service manager, recorded.</summary>
internal abstract class InstallingCommand(CliContext cli, string name, string description) : NativeServiceCommand(cli, name, description)
{
    protected Option<bool> Now { get; } = new("--now") { Description = "Start it too" };

    protected PinOptions PinAs { get; } = new();

    protected AccountOptions Account { get; } = new();

    /// <summary>What runs is the file that a link leads to: that is what is pinned.</summary>
    protected Outcome<string> Resolve(string given)
    {
        var path = Cli.PathOf(given);
        return FileFactsReader.Resolve(path) is { } target && FileFactsReader.Read(target) is not null ? target : new Problem(ProblemKind.NotFound, "service.no-executable", $"there is no file {path}")
        {
            Mend = "name the executable by its path; a script's interpreter, with the script as its argument, is one too",
        };
    }

    protected Pin NewPin(string service, string executable) => new()
    {
        Service = service, Executable = executable, Release = 1, PinnedAt = Cli.Time.GetUtcNow(), PinnedBy = AccountDirectory.Current().Name,
    };

    /// <param name="more">What the record says of it beside the executable and its start.</param>
    protected async Task<int> InstallAsync(ParseResult parse, Pin pin, string specText, IEnumerable<KeyValuePair<string, string>> more, CancellationToken cancel)
    {
        var name = pin.Service;
        var usable = Manager.Check();
        if (!usable.IsOk) return Terminal.Fail(usable.Problems);
        var prepared = Account.Prepare(parse, Manager, specText, null);
        if (!prepared.TryGet(out var password)) return Terminal.Fail(prepared.Problems);
        using var wiped = password;
        foreach (var problem in Manager.Foresee(name, SpecFile.Read(specText, "the spec").TryGet(out var spec) ? PinnedServices.LogOnAs(spec) : null)) Terminal.Say($"warning: {problem}");
        var details = new Dictionary<string, string>(more) { ["executable"] = pin.Executable, ["start"] = pin.Start.ToString().ToLowerInvariant() };
        var installed = await Record.RunAsync("service.install", name, details, () => Task.FromResult(Install(pin, specText, password, cancel)), cancel);
        if (!installed.TryGet(out var made)) return Terminal.Fail(installed.Problems);
        Terminal.Line(Manager.NameOf(name));
        SayAccount(made);
        if (made.Pin.ExecutableOnly) Terminal.Say($"Only {Path.GetFileName(made.Pin.Executable)} is pinned: libraries beside it are not.");
        if (!parse.GetValue(Now))
        {
            Terminal.Say(made.Pin.Start == NativeStartType.Automatic ? $"It starts at boot. Now: holdfast service start {name}" : $"To start it: holdfast service start {name}");
            return ExitCode.Ok;
        }

        var started = Manager.Start(name);
        return started.IsOk ? await SayAsync(name, cancel) : Terminal.Fail(started.Problems);
    }

    private void SayAccount(PinnedService made)
    {
        if (!OperatingSystem.IsWindows() && made.Spec.User is null)
            Terminal.Say($"It runs as {AccountDirectory.Current().Name}, the supervisor's own account; give it one of its own: holdfast service edit {made.Name}");
        if (!OperatingSystem.IsWindows()) return;
        Terminal.Say(made.Pin.LogOnAs is { } own
            ? $"It runs as {own}."
            : $"It runs as LocalSystem, which may do everything on this host. An account of its own, without a password: --log-on-as \"{ScmAccount.Virtual(made.Name)}\"");
    }

    private Outcome<PinnedService> Install(Pin pin, string specText, AccountPassword password, CancellationToken cancel)
    {
        var installed = Pinned.Install(pin, specText, cancel);
        if (!installed.TryGet(out var made)) return installed;
        var registered = Manager.Register(made, password);
        if (registered.IsOk) return made;
        // What the service manager does not take is as if it had never been.
        Manager.Unregister(made.Name);
        Pinned.Remove(made.Name, purge: true);
        return Outcome.Failed<PinnedService>(registered.Problems);
    }
}
