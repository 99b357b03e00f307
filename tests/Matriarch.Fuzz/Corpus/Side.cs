namespace Matriarch.Fuzz;

/// <summary>Who sent some bytes, and when.</summary>
internal enum Side : byte
{
    /// <summary>The client, before there is a session: packets without a code, or TLS.</summary>
    Opening = 0,

    /// <summary>The client.</summary>
    Client = 1,

    /// <summary>The server.</summary>
    Server = 2,
}
