namespace Holdfast.Windows.Selftest.Running;

/// <summary>Who hears of results as they come.</summary>
internal interface IReport
{
    void Tell(TestResult result);

    void End(int tests, int failed);
}
