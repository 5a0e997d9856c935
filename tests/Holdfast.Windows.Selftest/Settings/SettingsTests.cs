using System.Diagnostics;
using System.Text.Json;
using Holdfast.Core.Firewall;
using Holdfast.Platform.Windows.Files;
using Holdfast.Platform.Windows.Settings;
using Holdfast.Windows.Selftest.Running;
using Microsoft.Win32;

namespace Holdfast.Windows.Selftest.Settings;

/// <summary>What the doctor asks Windows is answered; what it makes of the answers, the tests of the command line show.</summary>
public sealed class SettingsTests
{
    private const string Rules = @"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules";

    [Fact]
    public void A_rule_of_the_firewall_is_read_from_the_registry()
    {
        // It is off, and its name says whose it is: it does nothing in the moment that it is there.
        var id = "{" + Guid.NewGuid() + "}";
        using var key = Registry.LocalMachine.CreateSubKey(Rules);
        try
        {
            key.SetValue(id, @"v2.30|Action=Allow|Active=FALSE|Dir=In|Protocol=6|LPort=8080|App=%SystemRoot%\a.exe|Name=Holdfast self-test|");
            var rule = Assert.Single(FirewallSettings.Read().Rules, one => one.Id == id);
            Assert.Equal("Holdfast self-test", rule.Title);
            Assert.False(rule.IsActive);
            Assert.Equal(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.Windows), "a.exe"), rule.Application, ignoreCase: true);
        }
        finally
        {
            key.DeleteValue(id, throwOnMissingValue: false);
        }
    }

    [Fact]
    public void A_volume_says_its_file_system()
    {
        var volume = VolumeFacts.Of(Path.Combine(Path.GetTempPath(), "not", "there", "yet"));
        Assert.NotNull(volume);
        Assert.NotEqual("", volume.FileSystem);
        Assert.False(volume.IsRemote);
    }

    [Fact]
    public void The_doctor_tells_of_everything_it_looks_at()
    {
        var home = Directory.CreateTempSubdirectory("holdfast-doctor-").FullName;
        try
        {
            using var process = StartedProcess.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "holdfast.exe"), ["--home", home, "doctor", "-o", "json"])
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
            });
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            var found = JsonDocument.Parse(output).RootElement.EnumerateArray().Select(one => one.GetProperty("what").GetString()!).ToList();
            foreach (var theme in new[] { "build", "elevated", "is on", "Long paths", "time service", "esktop", "Application log" })
                Assert.True(found.Exists(what => what.Contains(theme, StringComparison.Ordinal)), $"nothing is said of \"{theme}\": {output}");
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    [Fact]
    [WineLacks("these settings")]
    public void Windows_says_what_decides_about_desktops_and_time()
    {
        Assert.NotNull(Core.NativeServices.DesktopHeap.KilobytesOf(WindowsSettings.SubSystems));
        Assert.NotNull(WindowsSettings.TimeSource);
        Assert.NotNull(WindowsSettings.ProductName);
        Assert.NotEmpty(FirewallSettings.Read().Rules);
    }
}
