using System.Net.Sockets;
using Matriarch.Core;

namespace Matriarch.Gateway;

/// <summary>What a person is told when an address cannot be listened on.</summary>
internal static class AddressError
{
    public static UserException For(string setting, string address, SocketException cause) =>
        cause.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => new UserException(
            $"{setting}: {address} is in use by another process", "Stop that process, or choose another port.",
            cause: cause),
        SocketError.AccessDenied => new UserException(
            $"{setting}: this user may not listen on {address}", "Choose a port above 1023.", cause: cause),
        _ => new UserException(
            $"{setting}: cannot listen on {address}: {cause.Message}", "Use an address of this machine.", cause: cause),
    };
}
