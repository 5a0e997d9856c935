using Xunit;

namespace Holdfast.Testing;

/// <summary>Waits for a condition, with a deadline that only a broken program reaches.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>The first value that satisfies the condition.</summary>
    public static async Task<T> SeeAsync<T>(string what, Func<Task<T>> look, Func<T, bool> satisfied)
    {
        var time = TimeProvider.System;
        var start = time.GetTimestamp();
        while (true)
        {
            var value = await look();
            if (satisfied(value))
                return value;
            Assert.True(time.GetElapsedTime(start) < Deadline, $"Never seen: {what}. Last seen: {value}");
            await Task.Delay(Pause, time);
        }
    }

    public static Task SeeAsync(string what, Func<bool> satisfied) => SeeAsync(what, () => Task.FromResult(satisfied()), seen => seen);
}
