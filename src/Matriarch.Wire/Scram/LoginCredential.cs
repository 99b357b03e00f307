using System.Security.Cryptography;

namespace Matriarch.Wire;

/// <summary>What a client logs in with: a password, or the keys that stand behind one. Never printed.</summary>
public sealed class LoginCredential
{
    /// <summary>
    /// Most iterations that a server may ask of a password: some seconds of work. PostgreSQL's own bound is that of an
    /// int, by which a false server would stop a client for hours.
    /// </summary>
    public const int MaxIterations = 10_000_000;

    private readonly byte[]? _password;
    private readonly byte[]? _clientKey;
    private readonly byte[]? _serverKey;
    private byte[]? _md5User;

    private LoginCredential(byte[]? password, byte[]? clientKey, byte[]? serverKey)
    {
        (_password, _clientKey, _serverKey) = (password, clientKey, serverKey);
    }

    /// <summary>A password, as the bytes that were given.</summary>
    public static LoginCredential OfPassword(ReadOnlySpan<byte> password) => new(password.ToArray(), null, null);

    /// <summary>The keys of a role.</summary>
    /// <param name="clientKey">32 bytes, as recovered from a proof.</param>
    /// <param name="serverKey">32 bytes, as in the verifier; null where it is not known, and then the server is not
    /// asked to prove itself.</param>
    public static LoginCredential OfKeys(ReadOnlySpan<byte> clientKey, byte[]? serverKey = null)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(clientKey.Length, ScramKeys.Size);
        return new LoginCredential(null, clientKey.ToArray(), serverKey);
    }

    /// <summary>
    /// The same password, also for servers that ask for MD5. That proves no server, and what passes over the line can
    /// be used again by whoever knows pg_authid, so it is for those who have to.
    /// </summary>
    /// <param name="user">As in the startup packet.</param>
    /// <exception cref="InvalidOperationException">It is no password.</exception>
    public LoginCredential AlsoByMd5(ReadOnlySpan<byte> user)
    {
        var password = _password ?? throw new InvalidOperationException("MD5 needs the password, not its keys");
        return new LoginCredential(password, null, null) { _md5User = user.ToArray() };
    }

    /// <summary>The keys for a salt; null when the server asks for too much work.</summary>
    internal (byte[] ClientKey, byte[]? ServerKey)? KeysFor(byte[]? salt, int iterations)
    {
        if (_clientKey is not null)
        {
            return (_clientKey, _serverKey);
        }

        return salt is { Length: > 0 } && iterations is > 0 and <= MaxIterations
            ? ScramKeys.OfPassword(_password, salt, iterations)
            : null;
    }

    /// <summary>The answer to AuthenticationMD5Password: "md5" and the hash of (hash of password and user) and salt
    /// (pg_md5_encrypt); null when it is not allowed.</summary>
    internal byte[]? Md5Answer(ReadOnlySpan<byte> salt) => _md5User is null || salt.Length != 4
        ? null
        : [.. "md5"u8, .. Md5Hex([.. Md5Hex([.. _password!, .. _md5User]), .. salt])];

#pragma warning disable CA5351 // broken, and what the protocol says; see AlsoByMd5
    private static byte[] Md5Hex(byte[] bytes) =>
        System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(bytes)));
#pragma warning restore CA5351
}
