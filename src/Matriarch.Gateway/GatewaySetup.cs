using Microsoft.Extensions.Logging;

namespace Matriarch.Gateway;

/// <summary>All that a gateway is made of.</summary>
/// <param name="Options">Validated settings.</param>
/// <param name="Instance">The instance whose databases it serves.</param>
/// <param name="Views">Where the cluster view comes from; not disposed by the gateway.</param>
/// <param name="Loggers">Where logs go.</param>
/// <param name="Time">The clock for all its deadlines.</param>
public sealed record GatewaySetup(
    GatewayOptions Options, string Instance, IClusterViewSource Views, ILoggerFactory Loggers, TimeProvider Time)
{
    /// <summary>host:port of the HTTP API; null for none. Port 0 takes a free one.</summary>
    public string? ApiListen { get; init; }

    /// <summary>
    /// The bearer token that <c>/v1/status</c> and <c>/v1/shutdown</c> ask for. Without one, status is open and
    /// shutdown refused.
    /// </summary>
    public string? ApiToken { get; init; }
}
