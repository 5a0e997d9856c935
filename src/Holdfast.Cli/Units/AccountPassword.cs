using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Holdfast.Cli.Output;
using Holdfast.Core.Problems;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Cli.Units;

/// <summary>The password of a service's account, on its way to the service manager, which stores it: kept in one place of memory, and wiped.</summary>
internal sealed class AccountPassword : IDisposable
{
    /// <summary>Windows takes no longer one for a service.</summary>
    private const int Longest = 256;

    private readonly char[] letters = GC.AllocateArray<char>(Longest, pinned: true);
    private int length;

    private AccountPassword()
    {
    }

    /// <summary>Empty: there is none, or it stays what it is.</summary>
    public ReadOnlySpan<char> Letters => letters.AsSpan(0, length);

    public static AccountPassword None() => new();

    /// <summary>From a person, whose keys are not shown.</summary>
    public static Outcome<AccountPassword> Ask(string account, Terminal terminal)
    {
        if (Console.IsInputRedirected)
        {
            return new Problem(ProblemKind.BadInput, "scm.password-missing", $"the account {account} needs its password, and nobody is here to be asked")
            {
                Mend = "give it by a handle (--password-from -  reads the first line of standard input), or take an account that has none: NT SERVICE\\NAME, a managed one (gMSA)",
            };
        }

        terminal.Say($"Password of {account} (it is not shown, and goes to the service manager only):");
        return Take(() => Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key ? key.Key == ConsoleKey.Backspace ? '\b' : key.KeyChar : null);
    }

    /// <summary>The first line of what an inherited handle gives, in UTF-8.</summary>
    /// <param name="handle">Its number; <c>-</c>: standard input.</param>
    public static Outcome<AccountPassword> From(string handle)
    {
        try
        {
            using var stream = handle == "-" ? Console.OpenStandardInput()
                : nint.TryParse(handle, out var number) ? new FileStream(new SafeFileHandle(number, ownsHandle: false), FileAccess.Read, bufferSize: 0)
                : null;
            if (stream is null)
                return new Problem(ProblemKind.BadInput, "service.password-from", "--password-from is neither - nor the number of a handle") { Mend = "a password itself never stands on a command line: others can read that" };
            using var reader = new StreamReader(stream, bufferSize: 128);
            return Take(() => reader.Read() is >= 0 and not '\n' and not '\r' and var letter ? (char)letter : null);
        }
        catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return new Problem(ProblemKind.BadInput, "service.password-from", "the password cannot be read from its handle") { Why = failure.Message };
        }
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(letters.AsSpan()));

    private static Outcome<AccountPassword> Take(Func<char?> next)
    {
        var password = new AccountPassword();
        while (next() is { } letter)
        {
            if (letter == '\b')
            {
                password.length = Math.Max(0, password.length - 1);
                continue;
            }

            if (password.length == Longest)
            {
                password.Dispose();
                return new Problem(ProblemKind.BadInput, "service.password", $"the password has more than {Longest} characters");
            }

            password.letters[password.length++] = letter;
        }

        if (password.length > 0) return password;
        return new Problem(ProblemKind.BadInput, "service.password", "the password is empty");
    }
}
