using System.Net;
using System.Net.Sockets;
using Matriarch.Core;
using Microsoft.Extensions.Logging;

namespace Matriarch.Agent;

internal sealed partial class UdpTransport
{
    [LoggerMessage(6001, LogLevel.Debug, "a datagram to {Node} was not sent: {Error}")]
    private partial void LogNotSent(Exception exception, NodeId node, SocketError error);

    [LoggerMessage(6002, LogLevel.Warning, "receiving heartbeats failed: {Error}")]
    private partial void LogNotReceived(Exception exception, SocketError error);

    [LoggerMessage(6003, LogLevel.Warning, "a datagram from {From} was refused: {Reason} ({Count} so far)")]
    private partial void LogRejected(EndPoint from, string reason, long count);
}
