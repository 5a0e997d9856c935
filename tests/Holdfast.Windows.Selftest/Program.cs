using Holdfast.Platform;
using Holdfast.Windows.Selftest.Patients;
using Holdfast.Windows.Selftest.Running;

switch (args)
{
    case ["patient", .. var what]:
        return Patient.Run(what);
    case [ConsoleSignal.Verb, .. var what]:
        return ConsoleSignal.Run(what);
    case ["--list"]:
        foreach (var test in TestList.All()) Console.WriteLine(test.Name);
        return 0;
    case ["--boot-id"]:
        Console.WriteLine(BootClock.BootId);
        return 0;
    case []:
        foreach (var test in TestList.All())
        {
            if (test.Missing(AppContext.BaseDirectory) is { } missing) Console.WriteLine($"left out {test.Name}: it needs {missing}");
        }

        return TestRun.Run([.. TestList.All().Where(test => test.Missing(AppContext.BaseDirectory) is null)], new WordReport());
    case ["--under-wine", var file]:
        return TestRun.Run([.. TestList.All().Where(test => test.WineLacks is null && test.Missing(AppContext.BaseDirectory) is null)], new JsonReport(file));
    case [.. var names] when names.All(name => !name.StartsWith('-')):
        return TestRun.Run(TestList.Matching(names), new WordReport());
    default:
        Console.Error.WriteLine("""
            usage: holdfast-windows-selftest [NAME…]            runs the tests whose names contain one of these; all without
                   holdfast-windows-selftest --list
                   holdfast-windows-selftest --boot-id          what this boot is called
                   holdfast-windows-selftest --under-wine FILE  what Wine can run, a line of JSON for each into FILE
            """);
        return 2;
}
