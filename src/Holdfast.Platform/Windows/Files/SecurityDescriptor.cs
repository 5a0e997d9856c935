using System.Runtime.Versioning;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Files;

/// <summary>A security descriptor made of its text (SDDL), for calls that take one.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class SecurityDescriptor : IDisposable
{
    private nint memory;

    /// <exception cref="IOException">A bug: the text is none.</exception>
    public SecurityDescriptor(string text)
    {
        if (!Advapi32.ConvertStringSecurityDescriptor(text, Advapi32.SDDL_REVISION_1, out memory, out _)) throw Win32Error.Failure($"the security descriptor {text}");
    }

    /// <summary>Its access list.</summary>
    public nint Dacl => Advapi32.GetSecurityDescriptorDacl(memory, out _, out var dacl, out _) ? dacl : throw Win32Error.Failure("an access list");

    /// <summary>Its owner's SID.</summary>
    public nint Owner => Advapi32.GetSecurityDescriptorOwner(memory, out var owner, out _) && owner != 0 ? owner : throw Win32Error.Failure("an owner");

    /// <summary>What a new object is given; not inherited by children.</summary>
    public Kernel32.SecurityAttributes Attributes => new() { Length = (uint)sizeof(Kernel32.SecurityAttributes), Descriptor = memory, Inherit = 0 };

    public void Dispose()
    {
        if (memory != 0) Kernel32.LocalFree(memory);
        memory = 0;
    }
}
