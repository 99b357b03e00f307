namespace Matriarch.Client;

/// <summary>The gateway of a local cluster.</summary>
/// <param name="Host">Where clients connect.</param>
/// <param name="Port">Where clients connect.</param>
/// <param name="ApiPort">Where its HTTP API listens.</param>
public sealed record LocalGateway(string Host, int Port, int ApiPort)
{
    /// <summary>The process's name in log and pid files.</summary>
    public const string ProcessName = "gateway";
}
