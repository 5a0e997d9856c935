using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Platform.Windows.Births;
using Holdfast.Platform.Windows.Jobs;

namespace Holdfast.Windows.Selftest.Processes;

/// <summary>What a process is told at its birth, and how Windows reads it.</summary>
public sealed unsafe partial class BirthTextTests
{
    [Fact]
    public void Windows_reads_from_a_command_line_what_was_put_into_it_whatever_that_is()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        const string letters = "\\\\\\\"\" \tab中'%^&|\n";
        for (var round = 0; round < 5000; round++)
        {
            var arguments = Enumerable.Range(0, random.Next(5))
                .Select(_ => new string([.. Enumerable.Range(0, random.Next(8)).Select(_ => letters[random.Next(letters.Length)])])).ToArray();
            var line = CommandLineText.Of(@"C:\a b\program.exe", arguments);
            Assert.True(Parse(line).SequenceEqual(arguments.Prepend(@"C:\a b\program.exe")), $"seed {seed}, round {round}: {line}");
        }
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData(@"C:\folder\", @"C:\folder\")]
    [InlineData(@"C:\a b\", @"""C:\a b\\""")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData(@"\""", @"""\\\""""")]
    public void Only_what_needs_quotes_has_them(string argument, string text) => Assert.Equal($"\"p\" {text}", CommandLineText.Of("p", [argument]));

    [Fact]
    public void Variables_are_sorted_without_regard_to_case_and_end_with_two_zeros()
    {
        Assert.Equal("a=1\0B=2\0c=\0\0", EnvironmentText.Of(new Dictionary<string, string> { ["c"] = "", ["B"] = "2", ["a"] = "1" }));
        Assert.Equal("\0\0", EnvironmentText.Of(new Dictionary<string, string>()));
    }

    [Theory]
    [InlineData(0x14c, "a 32-bit program (x86)")]
    [InlineData(0x8664, "a 64-bit program (x64)")]
    [InlineData(0xaa64, "a 64-bit program (Arm64)")]
    public void What_kind_of_program_a_file_is_stands_in_its_header(int machine, string words)
    {
        var file = new byte[128];
        "MZ"u8.CopyTo(file);
        file[0x3c] = 0x40;
        Encoding.ASCII.GetBytes("PE\0\0").CopyTo(file, 0x40);
        BitConverter.TryWriteBytes(file.AsSpan(0x44), (ushort)machine);
        Assert.Equal(words, ProgramImage.Describe(file));
        Assert.Null(ProgramImage.Describe("#!/bin/sh"u8));
    }

    [Fact]
    public void This_program_is_one_for_this_machine() => Assert.Equal("a 64-bit program (x64)", ProgramImage.Describe(Environment.ProcessPath!));

    [Theory]
    [InlineData(500, 1, 5000u)]
    [InlineData(1000, 4, 2500u)]
    [InlineData(4000, 2, 10000u)]
    [InlineData(1, 64, 1u)]
    public void Thousandths_of_a_processor_are_a_share_of_the_machine(int millicores, int processors, uint rate) =>
        Assert.Equal(rate, JobLimits.RateOf(millicores, processors));

    private static IEnumerable<string> Parse(string commandLine)
    {
        var parts = CommandLineToArgv(commandLine, out var count);
        try
        {
            return [.. Enumerable.Range(0, count).Select(i => Marshal.PtrToStringUni(((nint*)parts)[i])!)];
        }
        finally
        {
            Marshal.FreeHGlobal(parts);
        }
    }

    [LibraryImport("shell32", EntryPoint = "CommandLineToArgvW", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    private static partial nint CommandLineToArgv(string commandLine, out int count);
}
