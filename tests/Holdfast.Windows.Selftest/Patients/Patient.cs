using System.Globalization;

namespace Holdfast.Windows.Selftest.Patients;

/// <summary>What the tests start: this program itself, told what to do. Nothing else is sure to be on a Windows machine.</summary>
internal static class Patient
{
    public static int Run(string[] what)
    {
        switch (what)
        {
            case ["exit", var code]:
                return int.Parse(code, CultureInfo.InvariantCulture);
            case ["service", var name, var script, var trace]:
                return ScriptedService.Run(name, script, trace);
            default:
                Console.Error.WriteLine($"no patient does that: {string.Join(' ', what)}");
                return 99;
        }
    }
}
