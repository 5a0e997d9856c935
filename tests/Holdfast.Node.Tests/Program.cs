using Holdfast.Node.Tests.Sources;

namespace Holdfast.Node.Tests;

/// <summary>What crash tests start: <c>follow FOLDER</c> reads the files of a service until it is killed.</summary>
internal static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is not ["follow", var folder]) return 2;
        using var service = new WritingService(folder, TimeProvider.System);
        while (true)
        {
            service.Follower.Turn();
            Console.WriteLine("turn");
        }
    }
}
