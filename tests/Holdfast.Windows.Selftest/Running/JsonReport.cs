using System.Text.Json;

namespace Holdfast.Windows.Selftest.Running;

/// <summary>A line of JSON for each test, as it ends. In a file: whatever Wine leaves running has our stdout too, and keeps it from its end.</summary>
internal sealed class JsonReport(string file) : IReport
{
    private readonly FileStream output = new(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);

    public void Tell(TestResult result)
    {
        output.Write([.. JsonSerializer.SerializeToUtf8Bytes(result), (byte)'\n']);
        output.Flush();
    }

    public void End(int tests, int failed) => output.Dispose();
}
