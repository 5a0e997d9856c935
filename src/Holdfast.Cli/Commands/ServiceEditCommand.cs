using System.CommandLine;
using System.Diagnostics;
using Holdfast.Core.Problems;
using Holdfast.Core.Supervision;
using Holdfast.Node.Pinning;
using Holdfast.Platform;

namespace Holdfast.Cli.Commands;

/// <summary>Changes an installed service: its spec, from a file or in an editor, and what the service manager knows of it.</summary>
internal sealed class ServiceEditCommand : NativeServiceCommand
{
    private readonly Argument<string> service = ServiceArgument;
    private readonly Option<string?> spec = new("--spec") { Description = "The spec as it is to be; without any option, your editor opens it (VISUAL, EDITOR)", HelpName = "FILE" };
    private readonly PinOptions pin = new();
    private readonly AccountOptions account = new();

    public ServiceEditCommand(CliContext cli)
        : base(cli, "edit", "Change an installed service: its spec, its start type, what is pinned of it")
    {
        Arguments.Add(service);
        Options.Add(spec);
        foreach (var option in pin.All.Concat(account.All)) Options.Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var name = parse.GetRequiredValue(service);
        if (!InstanceNames.IsValid(name)) return Terminal.Fail(BadName(name));
        var found = Pinned.Find(name).Then(one => Manager.Check().Then<PinnedService>(_ => one));
        if (!found.TryGet(out var before)) return Terminal.Fail(found.Problems);
        var written = Text(parse, before);
        if (!written.TryGet(out var text)) return Terminal.Fail(written.Problems);
        var wanted = pin.Of(parse, before.Pin);
        var same = text == File.ReadAllText(before.Place.PinnedSpec);
        if (same && !pin.AreGiven(parse) && !account.AreGiven(parse))
        {
            Terminal.Say("Nothing was changed.");
            return ExitCode.Ok;
        }

        var prepared = account.Prepare(parse, Manager, text, before.Pin.LogOnAs);
        if (!prepared.TryGet(out var password)) return Terminal.Fail(prepared.Problems);
        using var wiped = password;
        var details = new Dictionary<string, string> { ["start"] = wanted.Start.ToString().ToLowerInvariant() };
        var by = AccountDirectory.Current().Name;
        var changed = await Record.RunAsync("service.edit", name, details, async () =>
        {
            var renewed = same && !pin.PinsOtherwise(parse) ? Pinned.Note(name, wanted) : await Pinned.RenewAsync(name, by, wanted, text, cancel);
            return renewed.Then(one => Manager.Register(one, password).Then<PinnedService>(_ => one));
        }, cancel);
        return changed.IsOk ? await SayAsync(name, cancel) : Terminal.Fail(changed.Problems);
    }

    private Outcome<string> Text(ParseResult parse, PinnedService before)
    {
        try
        {
            if (parse.GetValue(spec) is { } file) return File.ReadAllText(Cli.PathOf(file));
            return pin.AreGiven(parse) || account.AreGiven(parse) ? File.ReadAllText(before.Place.PinnedSpec) : Edited(before);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.NotFound, "service.spec", "the spec cannot be read") { Why = failure.Message };
        }
    }

    /// <summary>A copy in the editor; what comes of it is judged afterwards, and the copy stays where that fails.</summary>
    private static Outcome<string> Edited(PinnedService before)
    {
        var editor = Environment.GetEnvironmentVariable("VISUAL") ?? Environment.GetEnvironmentVariable("EDITOR") ?? (OperatingSystem.IsWindows() ? "notepad" : "vi");
        var copy = Path.Combine(Directory.CreateTempSubdirectory("holdfast-edit-").FullName, $"{before.Name}.yaml");
        File.WriteAllText(copy, File.ReadAllText(before.Place.PinnedSpec));
        try
        {
            using var process = Process.Start(editor, [copy]);
            process.WaitForExit();
            var text = File.ReadAllText(copy);
            if (process.ExitCode != 0) return new Problem(ProblemKind.Failed, "service.editor", $"{editor} ended with exit code {process.ExitCode}: nothing is changed");
            Directory.Delete(Path.GetDirectoryName(copy)!, recursive: true);
            return text;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            return new Problem(ProblemKind.NotFound, "service.editor", $"{editor} cannot be started") { Why = failure.Message, Mend = "set EDITOR, or give the spec with --spec FILE" };
        }
    }
}
