namespace Matriarch.Agent;

/// <summary>What the driver is busy with, for people.</summary>
internal enum DriverActivity
{
    None,
    Initializing,
    Copying,
    Rewinding,
    Starting,
    Stopping,
    Promoting,
}
