namespace Holdfast.Core.NativeServices;

/// <summary>What the SCM tells a service; the numbers are its own (SERVICE_CONTROL_*). 128 to 255 are a service's own codes and have no names here.</summary>
public enum NativeControl
{
    Stop = 0x01,
    Pause = 0x02,
    Continue = 0x03,
    Interrogate = 0x04,
    Shutdown = 0x05,
    ParamChange = 0x06,
    NetBindAdd = 0x07,
    NetBindRemove = 0x08,
    NetBindEnable = 0x09,
    NetBindDisable = 0x0A,
    DeviceEvent = 0x0B,
    HardwareProfileChange = 0x0C,
    PowerEvent = 0x0D,
    SessionChange = 0x0E,
    Preshutdown = 0x0F,
    TimeChange = 0x10,
    TriggerEvent = 0x20,
    UserModeReboot = 0x40,
}
