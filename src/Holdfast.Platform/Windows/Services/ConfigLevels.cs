using System.Runtime.InteropServices;
using Holdfast.Core.NativeServices;
using Holdfast.Platform.Windows.Native;

namespace Holdfast.Platform.Windows.Services;

/// <summary>
/// The settings of ChangeServiceConfig2 and QueryServiceConfig2, a level each, and the service's own security descriptor: how they are passed and read.
/// Older systems and Wine know only some of them, so each is tried by itself.
/// </summary>
internal static unsafe class ConfigLevels
{
    /// <summary>As INFINITE in seconds: the count of failures is never reset.</summary>
    private const uint Never = 0xffffffff;

    /// <summary>What one level's structure and texts may take; the API's own limit.</summary>
    private const int MostBytes = 8 * 1024;

    /// <returns>0, or Windows's error.</returns>
    public static uint Set(IServiceApi api, nint service, NativeSetting setting, NativeServiceConfig config)
    {
        switch (setting)
        {
            case NativeSetting.Description:
                fixed (char* text = config.Description ?? "")
                {
                    var pointer = text;
                    return api.Change2(service, WinSvc.SERVICE_CONFIG_DESCRIPTION, &pointer);
                }

            case NativeSetting.Recovery:
                return SetRecovery(api, service, config.Recovery);
            case NativeSetting.StartType:
                return SetNumber(api, service, WinSvc.SERVICE_CONFIG_DELAYED_AUTO_START_INFO, config.StartType == NativeStartType.Delayed ? 1u : 0u);
            case NativeSetting.OnErrorStops:
                return SetNumber(api, service, WinSvc.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG, config.Recovery.OnErrorStops ? 1u : 0u);
            case NativeSetting.ServiceSid:
                return SetNumber(api, service, WinSvc.SERVICE_CONFIG_SERVICE_SID_INFO, Number(config.ServiceSid));
            case NativeSetting.PreshutdownTimeout:
                return SetNumber(api, service, WinSvc.SERVICE_CONFIG_PRESHUTDOWN_INFO, (uint)config.PreshutdownTimeout.TotalMilliseconds);
            case NativeSetting.RequiredPrivileges:
                fixed (char* list = MultiText.Join(config.RequiredPrivileges ?? []))
                {
                    var pointer = list;
                    return api.Change2(service, WinSvc.SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO, &pointer);
                }

            case NativeSetting.Rights:
                fixed (byte* descriptor = ServiceDescriptor.Of(config.Rights))
                    return api.SetSecurity(service, WinSvc.DACL_SECURITY_INFORMATION, descriptor);

            default:
                throw new ArgumentOutOfRangeException(nameof(setting), setting, "It has no level of its own.");
        }
    }

    /// <summary>What the SCM tells of it; what it does not is noted in <paramref name="unknown"/>.</summary>
    public static NativeServiceConfig Read(IServiceApi api, nint service, NativeServiceConfig config, List<NativeSetting> unknown)
    {
        var buffer = (byte*)NativeMemory.AllocZeroed(MostBytes);
        try
        {
            if (Query(NativeSetting.Description, WinSvc.SERVICE_CONFIG_DESCRIPTION))
                config = config with { Description = Text(*(char**)buffer) };
            if (Query(NativeSetting.Recovery, WinSvc.SERVICE_CONFIG_FAILURE_ACTIONS))
                config = config with { Recovery = Recovery(*(WinSvc.FailureActions*)buffer) };
            if (config.StartType == NativeStartType.Automatic && Query(NativeSetting.StartType, WinSvc.SERVICE_CONFIG_DELAYED_AUTO_START_INFO) && *(uint*)buffer != 0)
                config = config with { StartType = NativeStartType.Delayed };
            if (Query(NativeSetting.OnErrorStops, WinSvc.SERVICE_CONFIG_FAILURE_ACTIONS_FLAG))
                config = config with { Recovery = config.Recovery with { OnErrorStops = *(uint*)buffer != 0 } };
            if (Query(NativeSetting.ServiceSid, WinSvc.SERVICE_CONFIG_SERVICE_SID_INFO))
                config = config with { ServiceSid = SidType(*(uint*)buffer) };
            if (Query(NativeSetting.RequiredPrivileges, WinSvc.SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO))
                config = config with { RequiredPrivileges = *(char**)buffer is var list && list is not null && *list != 0 ? MultiText.Split(list) : null };
            if (Query(NativeSetting.PreshutdownTimeout, WinSvc.SERVICE_CONFIG_PRESHUTDOWN_INFO))
                config = config with { PreshutdownTimeout = TimeSpan.FromMilliseconds(*(uint*)buffer) };
            if (api.QuerySecurity(service, WinSvc.DACL_SECURITY_INFORMATION, buffer, MostBytes, out _) == WindowsError.None && ServiceDescriptor.Read(new(buffer, MostBytes)) is { } rights)
                config = config with { Rights = rights };
            else
                unknown.Add(NativeSetting.Rights);
            return config;
        }
        finally
        {
            NativeMemory.Free(buffer);
        }

        bool Query(NativeSetting setting, uint level)
        {
            NativeMemory.Clear(buffer, MostBytes);
            if (api.QueryConfig2(service, level, buffer, MostBytes, out _) == WindowsError.None) return true;
            unknown.Add(setting);
            return false;
        }
    }

    private static uint SetNumber(IServiceApi api, nint service, uint level, uint number) => api.Change2(service, level, &number);

    private static uint SetRecovery(IServiceApi api, nint service, RecoverySettings recovery)
    {
        var actions = recovery.Actions.Select(action => new WinSvc.FailureAction { Type = (uint)action.Kind, Delay = (uint)action.After.TotalMilliseconds }).ToArray();
        // Without an array the API would leave the old actions: an empty one that is there removes them.
        if (actions.Length == 0) actions = [default];
        fixed (char* command = recovery.Command ?? "")
        fixed (char* message = "")
        fixed (WinSvc.FailureAction* first = actions)
        {
            var info = new WinSvc.FailureActions
            {
                ResetPeriod = recovery.ResetAfter is { } after ? (uint)Math.Min(Math.Max(after.TotalSeconds, 1), Never - 1) : Never,
                RebootMessage = message,
                Command = command,
                Count = (uint)recovery.Actions.Count,
                Actions = first,
            };
            return api.Change2(service, WinSvc.SERVICE_CONFIG_FAILURE_ACTIONS, &info);
        }
    }

    private static RecoverySettings Recovery(WinSvc.FailureActions info)
    {
        var actions = new List<RecoveryAction>();
        for (var i = 0; info.Actions is not null && i < info.Count; i++)
            actions.Add(new((RecoveryKind)info.Actions[i].Type, TimeSpan.FromMilliseconds(info.Actions[i].Delay)));
        return new()
        {
            Actions = actions,
            ResetAfter = info.ResetPeriod == Never ? null : TimeSpan.FromSeconds(info.ResetPeriod),
            Command = Text(info.Command),
        };
    }

    private static string? Text(char* text) => text is null || *text == 0 ? null : new string(text);

    private static uint Number(ServiceSidType type) => type switch
    {
        ServiceSidType.None => 0,
        ServiceSidType.Unrestricted => 1,
        _ => 3,
    };

    private static ServiceSidType SidType(uint number) => number switch
    {
        0 => ServiceSidType.None,
        1 => ServiceSidType.Unrestricted,
        _ => ServiceSidType.Restricted,
    };
}
