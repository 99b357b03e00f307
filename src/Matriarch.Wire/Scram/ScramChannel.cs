namespace Matriarch.Wire;

/// <summary>What either side of a SCRAM login knows of the connection under it.</summary>
/// <param name="IsEncrypted">It is TLS.</param>
/// <param name="ServerEndPoint">What <see cref="TlsServerEndPoint"/> says of the server's certificate; null when there
/// is none, and the login cannot be bound to the channel.</param>
public sealed record ScramChannel(bool IsEncrypted, ReadOnlyMemory<byte>? ServerEndPoint)
{
    /// <summary>The one type of channel binding that PostgreSQL knows.</summary>
    public const string BindingType = "tls-server-end-point";

    /// <summary>No TLS.</summary>
    public static readonly ScramChannel Plain = new(false, null);

    /// <summary>For a client: refuse whatever is not bound to this channel, as libpq's
    /// <c>channel_binding=require</c>.</summary>
    public bool MustBind { get; init; }

    /// <summary>TLS with this certificate of the server.</summary>
    /// <param name="certificate">DER.</param>
    public static ScramChannel Tls(ReadOnlySpan<byte> certificate) =>
        new(true, TlsServerEndPoint.TryCompute(certificate));

    /// <summary>The value of the attribute c of a login that is bound to this channel.</summary>
    internal string BoundAttribute() => Convert.ToBase64String(
        [.. ScramText.Bytes($"p={BindingType},,"), .. ServerEndPoint!.Value.Span]);
}
