using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Matriarch.Client;
using Matriarch.Wire;

namespace Matriarch.Gateway;

/// <summary>
/// A client with its startup packet, for as long as it is connected and however often its session is moved. Holds the
/// key by which it can be logged in again, in memory only, and clears it at the end.
/// </summary>
internal sealed class GatewayClient : IDisposable
{
    private byte[]? _loginKey;

    public GatewayClient(Socket socket, StartupMessage message)
    {
        Socket = socket;
        Request = RouteRequest.From(message);
        Startup = message.WithDatabase(Request.Database.Span).Encode();
        User = (message.Find("user"u8) ?? default).ToArray();
    }

    public Socket Socket { get; }

    /// <summary>What it asks for.</summary>
    public RouteRequest Request { get; }

    /// <summary>The packet that each of its server connections begins with.</summary>
    public byte[] Startup { get; }

    /// <summary>The role that it logs in as, in its own bytes.</summary>
    public byte[] User { get; }

    /// <summary>Watches its login.</summary>
    public LoginWitness Witness { get; } = new();

    /// <summary>The key by which it cancels: that of its first backend.</summary>
    public CancelKey? Key { get; set; }

    /// <summary>The ClientKey of its role; null for a login that was asked for nothing, and before it was
    /// recovered.</summary>
    public byte[]? LoginKey => _loginKey;

    /// <summary>Makes sure that it can be logged in again; gives the reason when it cannot.</summary>
    public async Task<string?> PrepareLoginAsync(AgentFeeds agents, CancellationToken cancellation)
    {
        if (!Witness.IsOver)
        {
            return "its login was not seen to end";
        }

        if (!Witness.WasAsked || _loginKey is not null)
        {
            return null;
        }

        if (Witness is not { AuthMessage: { } message, Proof: { } proof })
        {
            return "it logged in by a method that cannot be repeated";
        }

        var request = new ClientKeyRequest(
            Encoding.UTF8.GetString(User), Convert.ToBase64String(message), Convert.ToBase64String(proof));
        var (key, problem) = await agents.AskKeyAsync(request, cancellation);
        if (key is null)
        {
            return $"its login cannot be repeated: {problem}";
        }

        _loginKey = key;
        Witness.Forget();
        return null;
    }

    public void Dispose()
    {
        Witness.Forget();
        if (_loginKey is { } key)
        {
            CryptographicOperations.ZeroMemory(key);
            _loginKey = null;
        }
    }
}
